import type { HealthReport, HealthStatus, MemberHealth } from '../../contracts/health.js';
import { presentDetails, presentHealth } from '../routes/presentation.js';

/** How an answer about health is written: our own way, or one that other people's tools expect. */
export type HealthFormat = 'plba' | 'health+json' | 'microprofile';

/** The media type of each format. */
export const healthTypes: Readonly<Record<HealthFormat, string>> = {
  plba: 'application/json',
  'health+json': 'application/health+json',
  microprofile: 'application/json',
};

/** The parameter of the query that asks for a format, as the routes document it. */
export const formatParameter = { format: 'microprofile: as Eclipse MicroProfile Health has it' } as const;

/**
 * The format that a request asks for; undefined when its query names one that there is not.
 *
 * @param query what comes after the `?`; undefined when there is none. Other parameters are no matter: probes add some to
 *   get past caches
 * @param accept the `Accept` header
 */
export function askedFormat(query: string | undefined, accept: string | undefined): HealthFormat | undefined {
  const format = query === undefined ? null : new URLSearchParams(query).get('format');
  if (format !== null) return format === 'microprofile' ? format : undefined;
  return accept !== undefined && prefersHealthJson(accept) ? 'health+json' : 'plba';
}

/** A report in a format. `omitted` says how many members were left out, all of them as well as those shown or better. */
export function presentIn(format: HealthFormat, report: HealthReport, isDetailed: boolean, omitted: number): object {
  switch (format) {
    case 'plba':
      return { ...presentHealth(report, isDetailed), ...(omitted > 0 && { omitted }) };
    case 'health+json':
      return presentHealthJson(report, isDetailed, omitted);
    case 'microprofile':
      return presentMicroProfile(report, isDetailed);
  }
}

const ietfWords: Readonly<Record<HealthStatus, string>> = { ok: 'pass', degraded: 'warn', unhealthy: 'fail' };

/** As in draft-inadarei-api-health-check-06: a list for each name, since a worker and a contributor may share one. */
function presentHealthJson(report: HealthReport, isDetailed: boolean, omitted: number): object {
  const checks = new Map<string, object[]>();
  for (const { name, member } of membersOf(report)) {
    const check = {
      status: ietfWords[member.status],
      ...(isDetailed && {
        time: member.checkedAt,
        output: member.status === 'ok' ? undefined : member.reason,
        details: presentDetails(member.details),
      }),
    };
    checks.set(name, [...(checks.get(name) ?? []), check]);
  }
  return {
    status: ietfWords[report.status],
    output: report.reason,
    ...(omitted > 0 && { notes: [`${omitted} further checks are left out`] }),
    checks: Object.fromEntries(checks),
  };
}

/** As in MicroProfile Health 4: it knows two words only, and who limps is `UP`. */
function presentMicroProfile(report: HealthReport, isDetailed: boolean): object {
  const isUp = (status: HealthStatus): string => (status === 'unhealthy' ? 'DOWN' : 'UP');
  const checks = membersOf(report).map(({ name, member }) => ({
    name,
    status: isUp(member.status),
    ...(isDetailed && { data: { health: member.status, reason: member.reason, ...presentDetails(member.details) } }),
  }));
  // The whole is the worst of its checks, so what comes from the application itself is one of them.
  const own =
    report.reason === undefined ? [] : [{ name: 'application', status: 'DOWN', data: { reason: report.reason } }];
  return { status: isUp(report.status), checks: [...own, ...checks] };
}

function membersOf({ workers, contributors }: HealthReport): { name: string; member: MemberHealth }[] {
  return [workers, contributors].flatMap((byName) =>
    Object.entries(byName).map(([name, member]) => ({ name, member })),
  );
}

/** Whether somebody would rather have `application/health+json` than `application/json` (RFC 9110, 12.5.1). */
function prefersHealthJson(accept: string): boolean {
  // What every probe sends is looked at no further.
  if (!accept.toLowerCase().includes('health+json')) return false;
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(type, q === undefined ? 1 : Number(q.slice(2)));
  }
  const weight = weights.get('application/health+json') ?? 0;
  return weight > 0 && weight >= (weights.get('application/json') ?? 0);
}
