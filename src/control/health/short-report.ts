import type { HealthReport, HealthStatus, MemberHealth } from '../../contracts/health.js';

/** The groups that orchestrators ask about. They read no more than 10 KiB of an answer. */
export const probedGroups: ReadonlySet<string> = new Set(['live', 'ready', 'startup', 'started']);

/** What the members of an answer to a probe may take, so that all of it stays below 10 KiB. */
export const probeBudgetBytes = 9_000;

/** A report, and how many members it lacks. */
export interface ShortReport {
  readonly report: HealthReport;
  readonly omitted: number;
}

const urgency: Readonly<Record<HealthStatus, number>> = { unhealthy: 0, degraded: 1, ok: 2 };

/**
 * A report with as many members as fit into `budgetBytes`, the worst first; the others are left out and counted.
 *
 * @param bytesOf how much a member takes
 */
export function shortReport(
  report: HealthReport,
  budgetBytes: number,
  bytesOf: (name: string, member: MemberHealth) => number,
): ShortReport {
  const members = [...entriesOf('workers', report), ...entriesOf('contributors', report)];
  const kept = { workers: new Map<string, MemberHealth>(), contributors: new Map<string, MemberHealth>() };
  let leftBytes = budgetBytes;
  let omitted = 0;
  for (const { kind, name, member } of members.toSorted(
    (a, b) => urgency[a.member.status] - urgency[b.member.status],
  )) {
    leftBytes -= bytesOf(name, member);
    // Once one does not fit, none of those behind it does: what is shown is the worst there is.
    if (leftBytes >= 0) kept[kind].set(name, member);
    else omitted++;
  }
  return {
    report: {
      ...report,
      workers: Object.fromEntries(kept.workers),
      contributors: Object.fromEntries(kept.contributors),
    },
    omitted,
  };
}

function entriesOf(kind: 'workers' | 'contributors', report: HealthReport) {
  return Object.entries(report[kind]).map(([name, member]) => ({ kind, name, member }));
}
