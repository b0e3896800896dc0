import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What Debian's nginx.conf would say around it. */
const around = (folder: string) => `
daemon off; user root; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; include ${folder}/tintype.conf; }
`;

/** Writes the file as it is printed, but for its port and its folder, and answers the path of the main configuration. */
export async function nginxConfiguration(folder: string, printed: string, port: number): Promise<string> {
  const file = printed
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('/var/cache/nginx/tintype', `${folder}/cache`);
  await writeFile(join(folder, 'tintype.conf'), file);
  const main = join(folder, 'nginx.conf');
  await writeFile(main, around(folder));
  return main;
}
