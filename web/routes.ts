import { index, layout, route, type RouteConfig } from '@remix-run/route-config';

/** Every address of the web app. The floor (picking) has no layout: it is one task on a full screen. */
export default [
  index('routes/home.tsx'),
  route('login', 'routes/login.tsx'),
  route('logout', 'routes/logout.tsx'),
  route('picking', 'routes/picking.tsx'),
  layout('routes/desk.tsx', [
    route('operations', 'routes/desk.operations.tsx'),
    route('operations/:id', 'routes/desk.operation.tsx'),
    route('status', 'routes/desk.status.tsx'),
    route('users', 'routes/desk.users.tsx'),
    route('audit', 'routes/desk.audit.tsx'),
    route('connections', 'routes/desk.connections.tsx'),
  ]),
  route('*', 'routes/not-found.tsx'),
] satisfies RouteConfig;
