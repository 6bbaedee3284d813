import { AwsClient } from 'aws4fetch';
import { sha256Of } from '../../../db/sha256.ts';
import type { ArchiveStore } from './store.ts';

export interface S3Bucket {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

const patienceMs = 30_000;

/**
 * Keeps histories in a bucket of whatever speaks S3: Amazon's, MinIO, Garage, Scaleway, OVH.
 *
 * Requests name the bucket in their path, as all of them understand, and are signed over their bytes (Signature
 * Version 4), so nothing between us can change them.
 */
export function s3Store({ endpoint, bucket, region, keyId, secret }: S3Bucket): ArchiveStore {
  // The watch tries again by itself; a command tells whoever typed it.
  const aws = new AwsClient({
    accessKeyId: keyId,
    secretAccessKey: secret,
    service: 's3',
    region,
    retries: 0,
  });

  async function ask(method: string, place: string, bytes?: Buffer): Promise<Response> {
    const digest = sha256Of(bytes ?? '');
    return aws.fetch(`${endpoint}/${bucket}/${place}`, {
      method,
      headers: {
        'x-amz-content-sha256': digest,
        ...(bytes ? { 'content-type': 'application/octet-stream' } : {}),
      },
      ...(bytes ? { body: new Uint8Array(bytes) } : {}),
      signal: AbortSignal.timeout(patienceMs),
    });
  }

  return {
    name: 's3',
    put: async (place, bytes) => {
      const response = await ask('PUT', place, bytes);
      if (!response.ok) throw await refused(response);
      await response.body?.cancel();
    },
    get: async (place) => {
      const response = await ask('GET', place);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      const failure = await refused(response);
      // Without the bucket nothing lies there either, but somebody has to know.
      if (response.status === 404 && failure.code !== 'NoSuchBucket') return undefined;
      throw failure;
    },
    remove: async (place) => {
      const response = await ask('DELETE', place);
      if (!response.ok && response.status !== 404) throw await refused(response);
      await response.body?.cancel();
    },
  };
}

/** The store said no; its code is one of S3's, such as AccessDenied or NoSuchBucket. */
class StoreRefused extends Error {
  readonly code: string;

  constructor(status: number, code: string) {
    super(`the store answers ${status} ${code}`);
    this.code = code;
  }
}

async function refused(response: Response): Promise<StoreRefused> {
  const text = await response.text();
  const [, code = 'without a reason'] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
  return new StoreRefused(response.status, code);
}
