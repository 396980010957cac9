import type { LevelChange } from '../../contracts/log-report.js';
import type { LogLevel } from '../../contracts/logger.js';
import type { OperatorView } from '../../contracts/reports.js';
import type { Route, RouteAnswer, RouteRequest } from '../route.js';

/** `GET /loggers` and `PUT /loggers/<name>`. */
export function loggerRoutes(view: Pick<OperatorView, 'logging' | 'setLevel'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/loggers',
      authority: 'read',
      summary: 'the level of every logger, configured and in force, and what became of the lines',
      answers: { 200: { 'application/json': 'Logging' } },
      refusals: [],
      handle: () => ({ status: 200, body: view.logging() }),
    },
    {
      method: 'PUT',
      path: '/loggers/<name>',
      authority: 'operate',
      summary:
        'sets the level of a logger at once; for: after how long it is taken back; level inherit takes it back now',
      body: { level: 'text', for: 'text', reason: 'text' },
      required: ['level'],
      parts: { name: 'name of the logger' },
      answers: { 200: { 'application/json': 'Logger' } },
      refusals: ['LOGGER_UNKNOWN', 'LOG_LEVEL_INVALID', 'DURATION_INVALID'],
      state: ({ name = '' }) => view.logging().loggers[name]?.effective ?? null,
      handle: (request) => setLevel(view, request),
    },
  ];
}

function setLevel(
  view: Pick<OperatorView, 'setLevel'>,
  { parameters, body, reason, caller }: RouteRequest,
): RouteAnswer {
  const { level, for: duration } = body;
  // What text is a level or a duration is decided by those who have to do with them, for every caller alike.
  const change: LevelChange = {
    // There, since the route requires it, and a text.
    level: level as LogLevel,
    by: caller.who,
    ...(typeof duration === 'string' && { for: duration as LevelChange['for'] & string }),
    ...(reason !== undefined && { reason }),
  };
  return { status: 200, body: view.setLevel(parameters['name'] ?? '', change) };
}
