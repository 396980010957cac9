import type { Clock } from '../../contracts/clock.js';
import type { Health } from '../../contracts/health.js';
import type { WorkerContext } from '../../contracts/worker.js';
import { PlbaError } from '../../errors.js';
import { parseDuration } from '../../time/duration.js';
import type { FailOptions, Fault, FaultOptions, FaultPoint } from './fault.js';

/** The names that faults can be given by. */
export interface FaultNames {
  readonly workers: readonly string[];
  readonly contributors: readonly string[];
}

/** A fault that a worker meets at some point: it throws, or lets whoever meets it wait. */
interface Hurdle {
  readonly worker: string;
  readonly at: FaultPoint;
  /** Throws, or answers a promise that resolves when the fault is healed. */
  strike(): Promise<void>;
}

/** All faults of one application: what a test has ordered, and what those in its way meet. */
export class FaultBoard {
  private readonly hurdles = new Set<Hurdle>();
  private readonly withheld = new Map<string, number>();
  private readonly disconnected = new Map<string, Health>();
  private readonly contexts = new Map<string, WorkerContext>();

  /** @param onChange what workers wait for may be there now */
  constructor(
    private readonly names: FaultNames,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  /** See `TestApplication.fail`. @throws `WORKER_UNKNOWN`, `WORKER_CONFLICT` for the life of a worker that is not up */
  fail(worker: string, error: unknown, { at = 'run', times = Infinity, ...options }: FailOptions = {}): Fault {
    this.checkWorker(worker);
    if (at === 'life') {
      this.contextOf(worker).fail(error);
      return this.fault(() => undefined, {});
    }
    let left = times;
    const hurdle: Hurdle = {
      worker,
      at,
      strike: () => {
        if (--left <= 0) fault.heal();
        throw error;
      },
    };
    this.hurdles.add(hurdle);
    const fault = this.fault(() => this.hurdles.delete(hurdle), options);
    return fault;
  }

  /** See `TestApplication.hang`. @throws `WORKER_UNKNOWN` */
  hang(worker: string, at: FaultPoint, options: FaultOptions = {}): Fault {
    this.checkWorker(worker);
    let goOn = (): void => undefined;
    const healed = new Promise<void>((resolve) => (goOn = resolve));
    const hurdle: Hurdle = { worker, at, strike: () => healed };
    this.hurdles.add(hurdle);
    return this.fault(() => {
      this.hurdles.delete(hurdle);
      goOn();
    }, options);
  }

  /** See `TestApplication.block`. @throws `NEEDS_UNKNOWN` */
  block(needs: string | readonly string[], options: FaultOptions = {}): Fault {
    const blocked = typeof needs === 'string' ? [needs] : needs;
    for (const need of blocked) this.checkNeed(need);
    const count = (by: number): void => {
      for (const need of blocked) this.withheld.set(need, (this.withheld.get(need) ?? 0) + by);
    };
    count(1);
    return this.fault(() => {
      count(-1);
      this.onChange();
    }, options);
  }

  /** See `TestApplication.disconnect`. @throws `HEALTH_CONTRIBUTOR_UNKNOWN` */
  disconnect(contributor: string, reason = 'disconnected by the test', options: FaultOptions = {}): Fault {
    const { contributors } = this.names;
    if (!contributors.includes(contributor)) {
      throw new PlbaError(
        'HEALTH_CONTRIBUTOR_UNKNOWN',
        `no health contributor is called ${JSON.stringify(contributor)}`,
        {
          hint: thereAre(contributors),
        },
      );
    }
    const answer: Health = { status: 'unhealthy', reason };
    this.disconnected.set(contributor, answer);
    return this.fault(() => {
      if (this.disconnected.get(contributor) === answer) this.disconnected.delete(contributor);
    }, options);
  }

  /** What a worker meets at a point: undefined when nothing is in its way, else a promise of going on. Throws what fails it. */
  meet(worker: string, at: FaultPoint): Promise<void> | undefined {
    if (this.hurdles.size === 0) return undefined;
    for (const hurdle of this.hurdles) {
      if (hurdle.worker === worker && hurdle.at === at) return this.passAll(hurdle);
    }
    return undefined;
  }

  /** A worker begins a life. */
  begins(worker: string, context: WorkerContext): void {
    this.contexts.set(worker, context);
  }

  /** What a contributor answers in the place of its check; undefined when it is to be asked. */
  answerOf(contributor: string): Health | undefined {
    return this.disconnected.get(contributor);
  }

  /** Whether a name counts as not ready for those who need it. */
  isWithheld(need: string): boolean {
    return (this.withheld.get(need) ?? 0) > 0;
  }

  // After a hang another fault may be in the way.
  private async passAll(first: Hurdle): Promise<void> {
    await first.strike();
    await this.meet(first.worker, first.at);
  }

  private fault(onHeal: () => unknown, options: FaultOptions): Fault {
    const forMs = options.for === undefined ? undefined : parseDuration(options.for, 'how long a fault lasts');
    let isHealed = false;
    const heal = (): void => {
      if (isHealed) return;
      isHealed = true;
      timer?.cancel();
      onHeal();
    };
    const timer = forMs === undefined ? undefined : this.clock.setTimer(forMs, heal, { keepAlive: false });
    return { heal, [Symbol.dispose]: heal };
  }

  private contextOf(worker: string): WorkerContext {
    const context = this.contexts.get(worker);
    if (context !== undefined) return context;
    throw new PlbaError('WORKER_CONFLICT', `worker "${worker}" cannot end by itself: it has not been started`, {
      hint: 'start the application first',
    });
  }

  private checkWorker(worker: string): void {
    const { workers } = this.names;
    if (workers.includes(worker)) return;
    throw new PlbaError('WORKER_UNKNOWN', `no worker is called ${JSON.stringify(worker)}`, { hint: thereAre(workers) });
  }

  private checkNeed(need: string): void {
    const { workers, contributors } = this.names;
    if (workers.includes(need) || contributors.includes(need)) return;
    throw new PlbaError(
      'NEEDS_UNKNOWN',
      `the test blocks ${JSON.stringify(need)}, which is no worker and no health contributor`,
      {
        hint: thereAre([...workers, ...contributors]),
      },
    );
  }
}

function thereAre(names: readonly string[]): string {
  return `there are: ${names.join(', ') || 'none'}`;
}
