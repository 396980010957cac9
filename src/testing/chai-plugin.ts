import type { HealthStatus, MemberHealth } from '../contracts/health.js';
import type { OutcomeKind } from '../contracts/outcome.js';
import type { RunRecord } from '../contracts/run.js';
import type { WorkerState } from '../contracts/worker.js';
import { describeWorker } from './describe-worker.js';
import { TestApplication } from './test-application.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how chai's own types are extended
  namespace Chai {
    interface Assertion {
      /** Turns from an application under test to one of its workers. */
      worker(name: string): Assertion;
      /** Turns from an application under test to one of its health contributors. */
      contributor(name: string): Assertion;
      /** Has that health, for a reason that contains the text or matches the pattern. `ok` is chai's own word. */
      degraded(reason?: string | RegExp): Assertion;
      unhealthy(reason?: string | RegExp): Assertion;
      /** Is in that state. */
      state(state: WorkerState): Assertion;
      /** Has ended its last runs so, newest first. Fails, also behind `not`, where runs are missing in the ledger that it would have to know. */
      runs(...outcomes: OutcomeKind[]): Assertion;
    }
  }
}

/** What is asked of chai itself. Its own types are not needed for the rest of the test kit. */
export interface ChaiLike {
  readonly Assertion: {
    readonly addMethod: (name: string, method: (this: ChaiAssertion, ...args: string[]) => unknown) => unknown;
    readonly overwriteProperty: (
      name: string,
      getter: (inherited: () => void) => (this: ChaiAssertion) => unknown,
    ) => unknown;
  };
}

/** What is asked of an assertion of chai. */
export interface ChaiAssertion {
  assert(holds: boolean, message: string, negated: string, expected?: unknown, actual?: unknown): void;
}

/** What is asked of the tools that chai gives to plugins. */
export interface ChaiUtils {
  readonly flag: (assertion: object, name: string, value?: unknown) => unknown;
}

/** What an assertion is about once `worker()` or `contributor()` was called. */
interface Subject {
  /** `worker "sync"`. */
  readonly title: string;
  readonly app: TestApplication;
  readonly worker?: string;
  readonly health: { readonly status: HealthStatus; readonly reason?: string };
}

const subjectFlag = 'plba.subject';

/**
 * Assertions for chai: `chai.use(plbaAssertions)`, then `expect(app).worker('sync').to.be.degraded('ledger')`. What fails
 * prints the worker's ledger. Health is what is known: `await app.health()` first has everybody asked.
 */
export function plbaAssertions({ Assertion }: ChaiLike, { flag }: ChaiUtils): void {
  const subjectOf = (assertion: object): Subject | undefined => flag(assertion, subjectFlag) as Subject | undefined;
  const demand = (assertion: object, word: string): Subject => {
    const subject = subjectOf(assertion);
    if (subject === undefined) throw new TypeError(`say which worker or contributor before .${word}()`);
    return subject;
  };
  const turnTo = (assertion: ChaiAssertion, subject: Subject): void => {
    flag(assertion, subjectFlag, subject);
  };

  Assertion.addMethod('worker', function (name: string) {
    const app = applicationIn(flag(this, 'object'), 'worker');
    turnTo(this, { title: `worker "${name}"`, app, worker: name, health: app.worker(name).health });
  });
  Assertion.addMethod('contributor', function (name: string) {
    const app = applicationIn(flag(this, 'object'), 'contributor');
    turnTo(this, { title: `health contributor "${name}"`, app, health: contributorOf(app, name) });
  });

  const assertHealth = (assertion: ChaiAssertion, wanted: HealthStatus, reason?: string | RegExp): void => {
    const subject = demand(assertion, wanted);
    const { title, health } = subject;
    const because = reason === undefined ? '' : ` because of ${String(reason)}`;
    const holds = health.status === wanted && isReason(health.reason ?? '', reason);
    const found = findingsOn(subject);
    assertion.assert(
      holds,
      `expected ${title} to be ${wanted}${because}, and ${found}`,
      `expected ${title} not to be ${wanted}${because}, and ${found}`,
      wanted,
      health.status,
    );
  };
  for (const status of ['degraded', 'unhealthy'] as const) {
    Assertion.addMethod(status, function (reason?: string | RegExp) {
      assertHealth(this, status, reason);
    });
  }
  Assertion.overwriteProperty(
    'ok',
    (inherited) =>
      function () {
        if (subjectOf(this) === undefined) inherited.call(this);
        else assertHealth(this, 'ok');
      },
  );

  Assertion.addMethod('state', function (wanted: string) {
    const subject = demand(this, 'state');
    const { state } = subject.app.worker(workerIn(subject, 'state'));
    const found = findingsOn(subject);
    this.assert(
      state === wanted,
      `expected ${subject.title} to have state ${wanted}, and ${found}`,
      `expected ${subject.title} not to have state ${wanted}, and ${found}`,
      wanted,
      state,
    );
  });
  Assertion.addMethod('runs', function (...wanted: string[]) {
    const subject = demand(this, 'runs');
    const latest = upToGap(subject.app.ledger(workerIn(subject, 'runs')));
    const actual = latest.slice(0, wanted.length).map(({ outcome }) => outcome);
    const isSo = actual.every((outcome, index) => outcome === wanted[index]);
    const isCut = actual.length < wanted.length && latest.at(-1)?.runsDropped !== undefined;
    // What begins so and goes on where runs are missing is neither so nor not so.
    const holds = isSo && (isCut ? flag(this, 'negate') === true : actual.length === wanted.length);
    const gap = isCut ? `, of which the ledger knows the last ${actual.length} without a gap` : '';
    const found = findingsOn(subject);
    this.assert(
      holds,
      `expected the last runs of ${subject.title} to be ${wanted.join(', ')}${gap}, and ${found}`,
      `expected the last runs of ${subject.title} not to be ${wanted.join(', ')}${gap}, and ${found}`,
      wanted,
      actual,
    );
  });
}

/** The latest runs of a ledger, up to where some are missing. */
function upToGap(runs: readonly RunRecord[]): readonly RunRecord[] {
  const gap = runs.findIndex(({ runsDropped }) => runsDropped !== undefined);
  return gap < 0 ? runs : runs.slice(0, gap + 1);
}

function applicationIn(object: unknown, word: string): TestApplication {
  if (object instanceof TestApplication) return object;
  throw new TypeError(`.${word}() is for what testApplication(…).start() gives: expect(app).${word}('…')`);
}

function workerIn({ worker, title }: Subject, word: string): string {
  if (worker !== undefined) return worker;
  throw new TypeError(`.${word}() is for workers, and this is ${title}`);
}

function contributorOf(app: TestApplication, name: string): { status: HealthStatus; reason?: string } {
  const contributors: Readonly<Record<string, MemberHealth>> = app.operator.health()?.contributors ?? {};
  const found = contributors[name];
  if (found === undefined) {
    throw new TypeError(
      `no health contributor is called "${name}"; there are: ${Object.keys(contributors).join(', ') || 'none'}`,
    );
  }
  return { status: found.raw, ...(found.reason !== undefined && { reason: found.reason }) };
}

function findingsOn({ app, worker, health }: Subject): string {
  if (worker === undefined) return `it is ${health.status}${health.reason === undefined ? '' : ` (${health.reason})`}`;
  return describeWorker({ state: app.worker(worker).state, health, runs: app.ledger(worker) });
}

function isReason(reason: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? reason.includes(wanted) : wanted.test(reason);
}
