import { ConfigurationError } from '../../config/violation.js';
import type { ReloadReport } from '../../contracts/config-report.js';
import type { OperatorView } from '../../contracts/reports.js';
import { Refusal } from '../refusal.js';
import { refuseWhileStopping } from './refuse-while-stopping.js';
import type { Route, RouteAnswer } from '../route.js';

/** `GET /config` and `POST /config/reload`. */
export function configRoutes(view: Pick<OperatorView, 'configuration' | 'reload' | 'status'>): readonly Route[] {
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
      refusals: ['CONFIG_INVALID', 'CONTROL_STOPPING'],
      state: () => ({ inForceSince: view.configuration().since }),
      handle: async ({ caller, reason }) => {
        refuseWhileStopping(view);
        const { since } = view.configuration();
        try {
          const report = await view.reload(caller.who, reason);
          return { status: 200, body: report, change: changeOf(report, since, view.configuration().since) };
        } catch (error) {
          refuseWhileStopping(view);
          throw withViolations(error);
        }
      },
    },
  ];
}

/** What was in force and is now, of what is different. Secrets are masked in the report already. */
function changeOf({ changes }: ReloadReport, before: Date, after: Date): Required<RouteAnswer>['change'] {
  const values = (side: 'before' | 'after') =>
    changes.length > 0 && {
      values: Object.fromEntries(changes.filter((each) => side in each).map((each) => [each.path, each[side]])),
    };
  return {
    before: { inForceSince: before, ...values('before') },
    after: { inForceSince: after, ...values('after') },
  };
}

/** The report as data, so that a script need not read it from a text. */
function withViolations(error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error;
  return new Refusal(error.code, error.message, { cause: error, facts: { violations: error.violations } });
}
