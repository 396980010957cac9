import type { OperatorView } from '../../contracts/reports.js';
import type { Route } from '../route.js';

/** `POST /shutdown`. */
export function shutdownRoutes(view: Pick<OperatorView, 'status' | 'shutdown'>): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/shutdown',
      authority: 'operate',
      summary: 'stops the application by the ladder and answers once it stops; force aborts instead of draining',
      body: { force: 'boolean', reason: 'text' },
      answers: { 202: { 'application/json': 'Stopping' } },
      refusals: [],
      state: () => view.status().state,
      handle: async ({ caller, body, reason }) => {
        const because = reason === undefined ? '' : `: ${reason}`;
        view.shutdown({ reason: `shutdown by ${caller.who}${because}`, force: body['force'] === true });
        // It stops a turn of the event loop later.
        await new Promise((resolve) => setImmediate(resolve));
        // The control plane goes down last, so it can be watched; it cannot answer after it has.
        return { status: 202, body: { state: view.status().state }, headers: { Location: '/status' } };
      },
    },
  ];
}
