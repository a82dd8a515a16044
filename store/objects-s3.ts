import type { Objects } from './objects';

export interface BucketConfig {
  /** Of an S3-compatible server; null = Amazon's own, by region. */
  endpoint: string | null;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Of one call; the client repeats it twice by itself when that can help. */
const timeoutMs = 10_000;

/** A bucket of S3 or of what speaks like it (MinIO, R2, Ceph): path style, so that no wildcard DNS is needed. */
export function openBucket(config: BucketConfig): Objects {
  // Loaded when it is used: it is large, and most installations keep objects in a folder.
  let opened: ReturnType<typeof load> | undefined;
  const open = () => (opened ??= load(config));
  const signal = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });
  return {
    async put(key, body, contentType) {
      const { sdk, client } = await open();
      await client.send(
        new sdk.PutObjectCommand({ Bucket: config.bucket, Key: key, Body: body, ContentType: contentType }),
        signal(),
      );
    },
    async get(key) {
      const { sdk, client } = await open();
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: config.bucket, Key: key }), signal());
        if (answer.Body === undefined) return null;
        return Buffer.from(await answer.Body.transformToByteArray());
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return null;
        throw error;
      }
    },
    async remove(key) {
      const { sdk, client } = await open();
      await client.send(new sdk.DeleteObjectCommand({ Bucket: config.bucket, Key: key }), signal());
    },
  };
}

async function load(config: BucketConfig) {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region: config.region,
    ...(config.endpoint !== null && { endpoint: config.endpoint }),
    forcePathStyle: true,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    maxAttempts: 3,
    // Not every compatible server knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}
