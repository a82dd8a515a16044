import type { SerializeOptions } from '@fastify/cookie';
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
      put(reply, names.access, session.accessToken, { ...flags, expires: session.expiresAt });
      // The server ends a session by inactivity; the cookie only has to outlive the longest that one may be.
      put(reply, names.refresh, session.refreshToken, { ...flags, maxAge: config.session.absoluteSeconds });
    },
    clear(reply) {
      for (const name of Object.values(names)) put(reply, name, '', { ...flags, expires: new Date(0) });
    },
  };
}

/**
 * Into the headers at once, in place of one of the same name: `reply.setCookie` adds its cookies when an answer is sent,
 * and a live feed writes its answer itself. A refresh token that never arrives is reused later, which ends the session.
 */
function put(reply: FastifyReply, name: string, value: string, options: SerializeOptions): void {
  const others = [reply.getHeader('set-cookie') ?? []].flat().filter((one) => !String(one).startsWith(`${name}=`));
  reply.removeHeader('set-cookie');
  reply.header('set-cookie', [...others, reply.server.serializeCookie(name, value, options)]);
}
