import type { OperatorView } from '../../contracts/reports.js';
import { presentStatus } from './presentation.js';
import type { Route } from '../route.js';

/** `GET /status`. */
export function statusRoutes(view: Pick<OperatorView, 'status'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/status',
      authority: 'read',
      summary: 'the application: state, modules, version, uptime, process, start timeline, workers by state',
      answers: { 200: { 'application/json': 'Status' } },
      refusals: [],
      handle: () => ({ status: 200, body: presentStatus(view.status()) }),
    },
  ];
}
