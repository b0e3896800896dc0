import { startS3 } from './rgw.ts';

/** Where a server keeps its pictures, for suites that hold on all of them. */
export interface Place {
  readonly name: string;
  /** What a server needs to keep its pictures in a new, empty place; `folder`: one of the suite's own. */
  readonly environment: (folder: string) => Promise<Readonly<Record<string, string>>>;
}

export const lastingPlaces: readonly Place[] = [
  { name: 'file:', environment: async (folder) => ({ TINTYPE_STORE: `file:${folder}/data` }) },
  {
    name: 's3:',
    environment: async () => {
      const { endpoint, env, bucket } = await startS3();
      return {
        ...env,
        TINTYPE_STORE: `s3://${await bucket()}/pictures`,
        TINTYPE_VARIANTS: `s3://${await bucket()}`,
        TINTYPE_S3_ENDPOINT: endpoint,
        TINTYPE_S3_FORCE_PATH_STYLE: 'true',
      };
    },
  },
];
