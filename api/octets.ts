import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { NervioError } from '../domain/errors';

/** The body of a route that takes a file: bytes as they are, under whatever of these types they come. */
export const octets = (...types: string[]) => ({
  content: Object.fromEntries(
    ['application/octet-stream', ...types].map((type) => [type, { schema: Type.Unsafe<Buffer>({}) }]),
  ),
});

/** Reads such bodies in this plugin's routes only. @param types of `octets` */
export function acceptOctets(app: FastifyInstance, mostBytes: number, ...types: string[]): void {
  app.addContentTypeParser(
    ['application/octet-stream', ...types],
    { parseAs: 'buffer', bodyLimit: mostBytes },
    (_request, body, done) => done(null, body),
  );
}

/** The file that came. @throws NervioError unsupported_media_type, file_empty */
export function fileOf(body: unknown): Buffer {
  if (!Buffer.isBuffer(body)) throw new NervioError('unsupported_media_type');
  if (body.length === 0) throw new NervioError('file_empty');
  return body;
}
