import { ConfigurationError } from '../../config/violation.js';
import type { OperatorView } from '../../contracts/reports.js';
import { Refusal } from '../refusal.js';
import type { Route } from '../route.js';

/** `GET /config` and `POST /config/reload`. */
export function configRoutes(view: Pick<OperatorView, 'configuration' | 'reload'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/config',
      authority: 'read',
      summary: 'every effective value with its source; secrets, and what no schema describes, as a mask',
      answers: { 200: { 'application/json': 'Config' } },
      refusals: [],
      handle: () => ({ status: 200, body: view.configuration() }),
    },
    {
      method: 'POST',
      path: '/config/reload',
      authority: 'operate',
      summary: 'reads the configuration again: all of it counts, or none; answers what has changed, or what is wrong',
      body: { reason: 'text' },
      answers: { 200: { 'application/json': 'Reload' } },
      refusals: ['CONFIG_INVALID'],
      handle: async ({ caller }) => {
        try {
          return { status: 200, body: await view.reload(caller.who) };
        } catch (error) {
          throw withViolations(error);
        }
      },
    },
  ];
}

/** The report as data, so that a script need not read it from a text. */
function withViolations(error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error;
  return new Refusal(error.code, error.message, { cause: error, facts: { violations: error.violations } });
}
