import type { OperatorView } from '../contracts/reports.js';
import { type Answer, leastHeaders } from './answer.js';
import type { ToJson } from './json-text.js';
import { presentHealth } from './presentation.js';

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
  answer(group: string, isDetailed: boolean): HealthAnswer | undefined {
    const known = this.#groups.get(group);
    return (isDetailed ? known?.detailed : known?.brief) ?? this.#make(group, isDetailed);
  }

  /** Listens to changes no longer. */
  close(): void {
    this.#endListening();
    this.#groups.clear();
  }

  #make(group: string, isDetailed: boolean): HealthAnswer | undefined {
    const report = group === wholeGroup ? this.view.health() : this.view.health(group);
    if (report === undefined) return undefined;
    const status = report.status === 'unhealthy' ? 503 : 200;
    const made = ready(status, Buffer.from(this.toJson(presentHealth(report, isDetailed))));
    const answers = this.#groups.get(group) ?? {};
    answers[isDetailed ? 'detailed' : 'brief'] = made;
    this.#groups.set(group, answers);
    return made;
  }
}

function ready(status: 200 | 503, body: Buffer): HealthAnswer {
  const headers = { 'Content-Type': 'application/json', ...leastHeaders, 'Content-Length': String(body.length) };
  return { status, body, headers, rawHeaders: Object.entries(headers).flat() };
}
