import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type ErrorCode, errors, NervioError } from '../../domain/errors';
import { isUnavailable } from '../../store/unavailable';
import type { Problem } from '../schemas';
import { languageOf } from './language';

/** Fastify's and Node's own errors → the catalogue. What is not here and is a 4xx is malformed. */
const known: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
  FST_ERR_NOT_FOUND: 'not_found',
};

function missingKey(error: FastifyError): boolean {
  return (
    error.validationContext === 'headers' &&
    error.validation?.some(
      (item) => item.keyword === 'required' && item.params.missingProperty === 'idempotency-key',
    ) === true
  );
}

function fieldsOf(error: FastifyError): { path: string; message: string }[] | undefined {
  return error.validation?.map((item) => {
    const own = item.params.missingProperty ?? item.params.additionalProperty;
    const path = `${error.validationContext ?? 'body'}${item.instancePath}${typeof own === 'string' ? `/${own}` : ''}`;
    return { path, message: item.message ?? item.keyword };
  });
}

/** Any error as one of the catalogue; what nobody foresaw becomes `internal` and tells nothing of itself. */
export function asNervioError(error: unknown): NervioError {
  if (error instanceof NervioError) return error;
  const { code, statusCode, validation } = error as FastifyError;
  if (validation) {
    const key = missingKey(error as FastifyError);
    return new NervioError(key ? 'idempotency_key_missing' : 'malformed', { fields: fieldsOf(error as FastifyError) });
  }
  const listed = known[code];
  if (listed) {
    return new NervioError(listed, {}, { cause: error, ...(listed === 'unavailable' && { retryAfterMs: 1000 }) });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new NervioError('malformed', {}, { cause: error });
  }
  if (isUnavailable(error)) return new NervioError('unavailable', {}, { cause: error, retryAfterMs: 1000 });
  return new NervioError('internal', {}, { cause: error });
}

/** The problem details of RFC 9457 for an error, as this request should read it. */
export function problemOf(error: NervioError, request: Pick<FastifyRequest, 'id' | 'headers' | 'actor'>): Problem {
  const spec = errors[error.code];
  const language = languageOf(request.headers['accept-language'], request.actor?.locale ?? 'es');
  return {
    ...error.extra,
    type: `urn:nervio:problem:${error.code}`,
    title: spec.en,
    status: spec.status,
    code: error.code,
    detail: spec[language],
    instance: `urn:uuid:${request.id}`,
  };
}

/** Answers with the problem details of whatever went wrong, and logs what is ours to mend. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, cause: unknown): FastifyReply {
  const error = asNervioError(cause);
  const problem = problemOf(error, request);
  if (problem.status === 500) request.log.error({ err: error.cause ?? error }, 'request failed');
  else if (problem.status > 500) request.log.warn({ err: error.cause ?? error }, 'request not served');
  else request.log.debug({ code: error.code }, 'request refused');
  if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="nervio"');
  reply
    .header('cache-control', 'no-store')
    .header('content-language', problem.detail === errors[error.code].en ? 'en' : 'es')
    .header('vary', 'Accept-Language');
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(problem);
}

/** Every error leaves as problem details; nobody else writes an error body. */
export const problemPlugin = fp(
  async (app) => {
    app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  },
  { name: 'problem' },
);
