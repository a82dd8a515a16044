import { redirect, type AppLoadContext } from '@remix-run/node';
import type { WebContext } from '../api/plugins/web';
import { type Actor, can, type Permission, type Role } from '../domain/access';

declare module '@remix-run/node' {
  /** What the HTTP server hands to loaders and actions: who asks, the use cases that the API has, log-in and log-out. */
  interface AppLoadContext extends WebContext {}
}

/** Where each role starts working. */
export function firstScreen(role: Role): string {
  switch (role) {
    case 'warehouse':
    case 'device':
      return '/picking';
    case 'admin':
      return '/status';
    case 'cashier':
      return '/pos';
    case 'manager':
    case 'finance':
      return '/today';
    case 'auditor':
      return '/operations';
  }
}

/** A path of this app, never another origin and not the log-in itself: what `?next=` may name. */
export function safeNext(next: string | null): string | null {
  return next !== null && /^\/(?![/\\])/.test(next) && !/^\/log(in|out)\b/.test(next) ? next : null;
}

/** The person of this request; without one, to the log-in and back here afterwards. */
export function requireActor(context: AppLoadContext, request: Request, permission?: Permission): Actor {
  if (!context.actor) {
    const url = new URL(request.url);
    const here = url.pathname.replace(/\.data$/, '') + url.search;
    throw redirect(here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`);
  }
  if (permission && !can(context.actor, permission)) throw new Response('forbidden', { status: 403 });
  return context.actor;
}
