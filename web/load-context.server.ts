import type { AppLoadContext } from '@remix-run/node';
import { redirect } from '@remix-run/node';
import type { UseCases } from '../api/use-cases';
import type { Actor, Permission, Role } from '../domain/access';
import { can } from '../domain/access';

declare module '@remix-run/node' {
  /** What the HTTP server hands to loaders and actions: who asks, and the use cases that the API has too. */
  interface AppLoadContext {
    actor: Actor | null;
    useCases: UseCases;
    cspNonce: string;
  }
}

/** Where each role starts working. */
export function firstScreen(role: Role): string {
  switch (role) {
    case 'warehouse':
    case 'device':
      return '/picking';
    case 'admin':
      return '/status';
    case 'manager':
    case 'cashier':
    case 'finance':
    case 'auditor':
      return '/operations';
  }
}

/** A path of this app, never another origin: what `?next=` may name. */
export function safeNext(next: string | null): string | null {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/log') ? next : null;
}

/** The person of this request; without one, to the log-in and back here afterwards. */
export function requireActor(context: AppLoadContext, request: Request, permission?: Permission): Actor {
  if (!context.actor) {
    const url = new URL(request.url);
    throw redirect(`/login?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  if (permission && !can(context.actor, permission)) throw new Response('forbidden', { status: 403 });
  return context.actor;
}
