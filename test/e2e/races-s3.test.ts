import { tmpdir } from 'node:os';
import { openStore } from '../../src/store/index.ts';
import { races } from '../race/races.ts';
import { startS3 } from './support/rgw.ts';

races('s3:', async () => {
  const { endpoint, bucket } = await startS3();
  const s3 = { endpoint, forcePathStyle: true };
  return openStore(`s3://${await bucket()}/races`, { scratchFolder: tmpdir(), scratchBytes: 1e9, s3 });
});
