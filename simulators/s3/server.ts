import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * A bucket on the wire, path style: PUT, GET, DELETE of objects with Signature Version 4 checked as Amazon describes it
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). For tests; it keeps nothing.
 */
export interface BucketSimulator {
  objects: Map<string, { body: Buffer; contentType: string }>;
  /** Answers that many calls with this status instead of doing them. */
  failNext(times: number, status: number): void;
  calls: string[];
}

export interface BucketOptions {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function isSigned(request: IncomingMessage, body: Buffer, options: BucketOptions): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, keyId, day, region, signed, signature] = form.exec(request.headers.authorization ?? '') ?? [];
  if (keyId !== options.accessKeyId || region !== options.region || !day || !signed || !signature) return false;
  const hash = String(request.headers['x-amz-content-sha256']);
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return false;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bucket');
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, pathname, query, headers.join(''), signed, hash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${options.secretAccessKey}`, day), region), 's3'), 'aws4_request');
  return timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

export function createBucketServer(options: BucketOptions): { server: Server; simulator: BucketSimulator } {
  let failing = { times: 0, status: 500 };
  const simulator: BucketSimulator = {
    objects: new Map(),
    calls: [],
    failNext(times, status) {
      failing = { times, status };
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? '/', 'http://bucket');
    simulator.calls.push(`${request.method} ${pathname}`);
    if (failing.times > 0) {
      failing.times--;
      return refuse(response, failing.status, 'InternalError');
    }
    if (!isSigned(request, body, options)) return refuse(response, 403, 'SignatureDoesNotMatch');
    const prefix = `/${options.bucket}/`;
    if (!pathname.startsWith(prefix)) return refuse(response, 404, 'NoSuchBucket');
    const key = decodeURIComponent(pathname.slice(prefix.length));
    const found = simulator.objects.get(key);
    switch (request.method) {
      case 'PUT':
        simulator.objects.set(key, { body, contentType: request.headers['content-type'] ?? '' });
        response.writeHead(200, { etag: `"${sha256(body)}"` }).end();
        return;
      case 'GET':
        if (found === undefined) return refuse(response, 404, 'NoSuchKey');
        response.writeHead(200, { 'content-type': found.contentType, 'content-length': found.body.length });
        response.end(found.body);
        return;
      case 'DELETE':
        simulator.objects.delete(key);
        response.writeHead(204).end();
        return;
      default:
        return refuse(response, 405, 'MethodNotAllowed');
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  return { server, simulator };
}
