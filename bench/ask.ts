import { type Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  /** To its last byte. */
  readonly milliseconds: number;
  readonly bytes: number;
}

/** One GET on a kept connection. */
export function ask(url: string, agent: Agent, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, milliseconds: performance.now() - begun, bytes });
      });
    });
    asked.on('error', reject).end();
  });
}
