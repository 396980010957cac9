import type { Route } from './route.js';

/** `GET /`: what there is. Says nothing about the application, so it is open to everybody. */
export function indexRoute(others: readonly Route[]): Route {
  const index = { method: 'GET', path: '/', authority: 'probe', summary: 'this list' } as const;
  const routes = [index, ...others].map(({ method, path, authority, summary }) => ({
    method,
    path,
    authority,
    summary,
  }));
  return { ...index, handle: () => ({ status: 200, body: { routes } }) };
}
