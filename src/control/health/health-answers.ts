import type { HealthReport, MemberHealth } from '../../contracts/health.js';
import type { OperatorView } from '../../contracts/reports.js';
import { type Answer, leastHeaders } from '../answer.js';
import type { ToJson } from '../json-text.js';
import { type HealthFormat, healthTypes, presentIn } from './health-formats.js';
import { probeBudgetBytes, probedGroups, shortReport } from './short-report.js';

/** An answer about health, ready to be sent as it is. */
export interface HealthAnswer extends Answer {
  readonly status: 200 | 503;
  readonly body: Buffer;
  /** The headers as names and values in turn, which is what `writeHead` takes without looking at each. */
  readonly rawHeaders: string[];
}

/** The answer about one group: for everybody, and with details for who may read. Each is made when first asked for. */
interface GroupAnswers {
  brief?: HealthAnswer;
  detailed?: HealthAnswer;
  /** In other formats than our own, by format and who asks. */
  readonly others: Map<string, HealthAnswer>;
}

/** The group of all members. */
export const wholeGroup = '';

/**
 * The answers about health, made at most once for each change.
 *
 * Probes come often and health changes seldom. Composing an answer for 200 members costs five times what serving ready
 * bytes does.
 */
export class HealthAnswers {
  readonly #groups = new Map<string, GroupAnswers>();
  readonly #endListening: () => void;

  constructor(
    private readonly view: Pick<OperatorView, 'health' | 'onHealthChange'>,
    private readonly toJson: ToJson,
  ) {
    this.#endListening = view.onHealthChange(() => {
      this.#groups.clear();
    });
  }

  /** The answer about a group; undefined when there is no such group. */
  answer(group: string, isDetailed: boolean, format: HealthFormat = 'plba'): HealthAnswer | undefined {
    const known = this.#groups.get(group);
    if (format !== 'plba')
      return known?.others.get(otherKey(format, isDetailed)) ?? this.#make(group, isDetailed, format);
    return (isDetailed ? known?.detailed : known?.brief) ?? this.#make(group, isDetailed, format);
  }

  /** Listens to changes no longer. */
  close(): void {
    this.#endListening();
    this.#groups.clear();
  }

  #make(group: string, isDetailed: boolean, format: HealthFormat): HealthAnswer | undefined {
    const report = this.#report(group);
    if (report === undefined) return undefined;
    const status = report.status === 'unhealthy' ? 503 : 200;
    const made = ready(status, healthTypes[format], this.#body(group, report, isDetailed, format));
    let answers = this.#groups.get(group);
    if (answers === undefined) this.#groups.set(group, (answers = { others: new Map() }));
    if (format !== 'plba') answers.others.set(otherKey(format, isDetailed), made);
    else answers[isDetailed ? 'detailed' : 'brief'] = made;
    return made;
  }

  #report(group: string): HealthReport | undefined {
    if (group === wholeGroup) return this.view.health();
    return this.view.health(group === 'started' ? 'startup' : group);
  }

  #body(group: string, report: HealthReport, isDetailed: boolean, format: HealthFormat): Buffer {
    const write = (shown: HealthReport, omitted: number): Buffer =>
      Buffer.from(this.toJson(presentIn(format, shown, isDetailed, omitted)));
    const body = write(report, 0);
    if (body.length <= probeBudgetBytes || !probedGroups.has(group)) return body;
    const bytesOf = (name: string, member: MemberHealth): number =>
      write({ ...report, workers: { [name]: member }, contributors: {} }, 0).length - emptyBytes + 1;
    const emptyBytes = write({ ...report, workers: {}, contributors: {} }, 0).length;
    const { report: short, omitted } = shortReport(report, probeBudgetBytes - emptyBytes, bytesOf);
    return write(short, omitted);
  }
}

function otherKey(format: HealthFormat, isDetailed: boolean): string {
  return `${format} ${isDetailed ? 'detailed' : 'brief'}`;
}

function ready(status: 200 | 503, type: string, body: Buffer): HealthAnswer {
  const headers = { 'Content-Type': type, ...leastHeaders, 'Content-Length': String(body.length) };
  return { status, body, headers, rawHeaders: Object.entries(headers).flat() };
}
