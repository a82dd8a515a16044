import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../domain/config';
import type { IssuedSession } from './commands';

/** Names and flags follow the scheme of the one final origin: `__Host-` and Secure need https (design: one origin). */
export interface SessionCookies {
  read(request: FastifyRequest): { access: string | undefined; refresh: string | undefined };
  write(reply: FastifyReply, session: Pick<IssuedSession, 'accessToken' | 'refreshToken' | 'expiresAt'>): void;
  clear(reply: FastifyReply): void;
}

export function createSessionCookies(config: Config): SessionCookies {
  const secure = config.http.publicUrl.startsWith('https://');
  const prefix = secure ? '__Host-' : '';
  const names = { access: `${prefix}nervio_access`, refresh: `${prefix}nervio_refresh` };
  const flags = { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  return {
    read: (request) => ({ access: request.cookies[names.access], refresh: request.cookies[names.refresh] }),
    write(reply, session) {
      reply.setCookie(names.access, session.accessToken, { ...flags, expires: session.expiresAt });
      // The server ends a session by inactivity; the cookie only has to outlive the longest that one may be.
      reply.setCookie(names.refresh, session.refreshToken, { ...flags, maxAge: config.session.absoluteSeconds });
    },
    clear(reply) {
      reply.clearCookie(names.access, flags);
      reply.clearCookie(names.refresh, flags);
    },
  };
}
