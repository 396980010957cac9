import type { OperatorView } from '../../contracts/reports.js';
import type { ToJson } from '../json-text.js';
import type { Route } from '../route.js';

/**
 * `GET /openapi.json`: the description of all routes. Made when it is first asked for, and kept.
 */
export function openApiRoutes(
  view: Pick<OperatorView, 'status'>,
  toJson: ToJson,
  routes: () => readonly Route[],
): readonly Route[] {
  let description: Promise<Buffer> | undefined;
  const describe = async (): Promise<Buffer> => {
    const { describeRoutes } = await import('../openapi/describe-routes.js');
    const { name, version } = view.status();
    return Buffer.from(toJson(describeRoutes(routes(), { application: name, version })));
  };
  return [
    {
      method: 'GET',
      path: '/openapi.json',
      authority: 'read',
      summary: 'the description of all of this, as OpenAPI 3.1',
      answers: { 200: { 'application/json': { type: 'object' } } },
      refusals: [],
      handle: async () => ({ status: 200, body: await (description ??= describe()) }),
    },
  ];
}
