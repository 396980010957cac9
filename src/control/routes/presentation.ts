import type { Health, HealthReport, MemberHealth } from '../../contracts/health.js';
import type { ApplicationStatus, WorkerReport } from '../../contracts/reports.js';
import { plainFields } from '../../plain/plain-value.js';

// What is shown is spelled out here, member by member: nothing gets out because a report has grown, and the order of the
// members is made for reading. `details` come from application code and are taken over only as plain data.

/** The body of `GET /status`. */
export function presentStatus(status: ApplicationStatus): object {
  return {
    name: status.name,
    state: status.state,
    since: status.since,
    uptimeMs: status.uptimeMs,
    version: status.version,
    modules: status.modules,
    workers: status.workers,
    process: status.process,
    timeline: status.timeline,
    contributorTimeline: status.contributorTimeline,
  };
}

/** The body of `GET /workers/<name>`, and an entry of `GET /workers`. */
export function presentWorker(report: WorkerReport): object {
  return {
    name: report.name,
    module: report.module,
    state: report.state,
    since: report.since,
    waitingFor: report.waitingFor,
    pausedBy: report.pausedBy,
    lastOrder: report.lastOrder,
    actions: report.actions,
    error: report.error,
    health: presentOwnHealth(report.health),
    critical: report.critical,
    trigger: report.trigger,
    nextRun: report.nextRun,
    currentRun: report.currentRun,
    lastRun: report.lastRun,
    runs: report.runs,
    restarts: report.restarts,
    details: presentDetails(report.details),
    options: report.options,
  };
}

/** The body of `GET /health`: the words alone, or all that is known. */
export function presentHealth(report: HealthReport, isDetailed: boolean): object {
  const present = isDetailed ? presentMember : presentMemberStatus;
  return {
    status: report.status,
    since: report.since,
    reason: report.reason,
    workers: mapEntries(report.workers, present),
    contributors: mapEntries(report.contributors, present),
  };
}

function presentMemberStatus(member: MemberHealth): object {
  return { status: member.status };
}

function presentMember(member: MemberHealth): object {
  return {
    status: member.status,
    raw: member.raw,
    critical: member.critical,
    reason: member.reason,
    since: member.since,
    checkedAt: member.checkedAt,
    details: presentDetails(member.details),
  };
}

function presentOwnHealth(health: Health): object {
  return {
    status: health.status,
    reason: health.reason,
    since: health.since,
    details: presentDetails(health.details),
  };
}

/** Details as plain data. */
export function presentDetails(details: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return details === undefined ? undefined : plainFields(details);
}

function mapEntries<T>(record: Readonly<Record<string, T>>, map: (value: T) => object): object {
  // Object.fromEntries makes an own property of every name, `__proto__` too.
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
