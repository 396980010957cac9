import type { Health, HealthReport, MemberHealth } from '../../contracts/health.js';
import { anyObject, byName, count, flag, instant, list, named, optional, shape, text, word } from './shape.js';

const status = word('ok', 'degraded', 'unhealthy');
type Shown<T, Hidden extends keyof T> = Pick<T, Exclude<keyof T, Hidden>> & Partial<Pick<T, Hidden>>;

/** What routes say about health. */
export const healthSchemas = {
  OwnHealth: shape<Health>('health as a worker says itself', {
    status,
    reason: optional(text),
    since: optional(instant),
    details: optional(anyObject),
  }),
  MemberHealth: shape<Shown<MemberHealth, 'raw' | 'critical' | 'since'>>(
    'health of a worker or contributor as it counts; more than the status for who may read',
    {
      status,
      raw: optional(status),
      critical: optional(flag),
      reason: optional(text),
      since: optional(instant),
      checkedAt: optional(instant),
      details: optional(anyObject),
    },
  ),
  Health: shape<HealthReport & { readonly omitted?: number }>('health of the application, or of a group', {
    status,
    since: instant,
    reason: optional(text),
    workers: byName(named('MemberHealth')),
    contributors: byName(named('MemberHealth')),
    omitted: optional({ ...count, description: 'how many members are left out, so that a probe can read all of it' }),
  }),
  HealthJson: {
    type: 'object',
    description: 'the same as in the draft inadarei-api-health-check-06',
    required: ['status', 'checks'],
    properties: {
      status: word('pass', 'warn', 'fail'),
      output: text,
      notes: list(text),
      checks: byName(
        list({
          type: 'object',
          required: ['status'],
          properties: { status: word('pass', 'warn', 'fail'), time: instant, output: text, details: anyObject },
        }),
      ),
    },
  },
  MicroProfileHealth: {
    type: 'object',
    description: 'the same as in MicroProfile Health 4',
    required: ['status', 'checks'],
    properties: {
      status: word('UP', 'DOWN'),
      checks: list({
        type: 'object',
        required: ['name', 'status'],
        properties: { name: text, status: word('UP', 'DOWN'), data: anyObject },
      }),
    },
  },
};
