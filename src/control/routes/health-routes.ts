import type { OperatorView } from '../../contracts/reports.js';
import { isEnough } from '../door/authority.js';
import { askedFormat, formatParameter } from '../health/health-formats.js';
import { type HealthAnswers, wholeGroup } from '../health/health-answers.js';
import { Refusal } from '../refusal.js';
import type { AnswerForms, Route, RouteAnswer, RouteRequest } from '../route.js';

/** `GET /health` and its groups. `HealthFront` answers the plain cases of both before the routes are asked. */
export function healthRoutes(answers: HealthAnswers, view: Pick<OperatorView, 'healthGroups'>): readonly Route[] {
  const answer = (group: string, { caller, query }: RouteRequest): RouteAnswer => {
    const format = askedFormat(new URLSearchParams(query).toString(), undefined);
    if (format === undefined) throw unknownFormat();
    const found = answers.answer(group, isEnough(caller.authority, 'read'), format);
    if (found === undefined)
      throw unknownGroup(isEnough(caller.authority, 'read') ? view.healthGroups() : platformGroups);
    return found;
  };
  return [
    {
      method: 'GET',
      path: '/health',
      authority: 'probe',
      summary: 'health of the application; 503 when unhealthy; details for who may read',
      answers: { 200: healthForms, 503: healthForms },
      refusals: ['CONTROL_QUERY_INVALID'],
      query: formatParameter,
      handle: (request) => answer(wholeGroup, request),
    },
    {
      method: 'GET',
      path: '/health/<group>',
      authority: 'probe',
      summary: "health of a group: live, ready, startup, or the application's own",
      parts: { group: 'name of the group' },
      answers: { 200: healthForms, 503: healthForms },
      refusals: ['HEALTH_GROUP_UNKNOWN', 'CONTROL_QUERY_INVALID'],
      query: formatParameter,
      handle: (request) => answer(request.parameters['group'] ?? '', request),
    },
  ];
}

const healthForms: AnswerForms = {
  'application/json': {
    anyOf: [{ $ref: '#/components/schemas/Health' }, { $ref: '#/components/schemas/MicroProfileHealth' }],
  },
  'application/health+json': 'HealthJson',
};

const platformGroups: readonly string[] = ['live', 'ready', 'startup'];

/** Who may only probe is not told how an application has grouped its parts. */
function unknownGroup(known: readonly string[]): Refusal {
  return new Refusal('HEALTH_GROUP_UNKNOWN', 'there is no such health group', {
    hint: `there are ${known.join(', ')}`,
  });
}

function unknownFormat(): Refusal {
  return new Refusal('CONTROL_QUERY_INVALID', 'health is not written in that format', {
    hint: 'ask for ?format=microprofile, or send "Accept: application/health+json"',
  });
}
