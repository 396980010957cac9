import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import { chanceSeed } from './seeded-random.js';
import { startTestApplication } from './start-test-application.js';
import type { TestApplication } from './test-application.js';
import type { TestApplicationBuilder } from './test-application-builder.js';

/** What {@link exploreSchedules} takes. */
export interface ExploreOptions {
  /**
   * What has to hold in whatever order simultaneous events come: brings the application through its paces, and throws when
   * something is not as it should be.
   */
  readonly property: (app: TestApplication) => unknown;
  /** How many orders are tried. Default 100. */
  readonly runs?: number;
  /** The seed of the first run; each further run takes the next number. Default: one that nobody chose. */
  readonly seed?: number;
}

/** What {@link exploreSchedules} has done. */
export interface Exploration {
  readonly runs: number;
  /** The seed of the first run. */
  readonly seed: number;
}

/**
 * Looks for an order of simultaneous events that breaks a property: starts the application again and again, each time with
 * another seed, and stops it after each time. Finding none proves nothing; finding one is a failure that can be replayed.
 *
 * @param application makes a builder for each run, so that doubles are fresh; a builder is taken as it is, for all runs
 * @throws PlbaError `TEST_SCHEDULE_BROKEN` with the seed and the cause
 */
export async function exploreSchedules(
  application: TestApplicationBuilder | (() => TestApplicationBuilder),
  { property, runs = 100, seed = chanceSeed() }: ExploreOptions,
): Promise<Exploration> {
  if (!Number.isSafeInteger(runs) || runs < 1) {
    throw new PlbaError('OPTION_INVALID', `exploreSchedules({ runs }) is ${runs}`, {
      hint: 'give a whole number, 1 or more',
    });
  }
  for (let run = 0; run < runs; run++) {
    const builder = typeof application === 'function' ? application() : application;
    try {
      await tryOut(builder, seed + run, property);
    } catch (cause) {
      throw broken(seed + run, run + 1, cause);
    }
  }
  return { runs, seed };
}

async function tryOut(
  builder: TestApplicationBuilder,
  seed: number,
  property: (app: TestApplication) => unknown,
): Promise<void> {
  const app = await startTestApplication({ ...builder.wanted, seed });
  try {
    await property(app);
  } catch (error) {
    // What broke the property counts, not what its breaking left behind.
    await app.stop({ leaks: 'ignore' });
    throw error;
  }
  await app.stop();
}

function broken(seed: number, runs: number, cause: unknown): PlbaError {
  return new PlbaError(
    'TEST_SCHEDULE_BROKEN',
    `an order of events breaks the property, in run ${runs}, with seed ${seed}: ${summarizeError(cause).message}`,
    {
      hint: `.seed(${seed}) on testApplication(…), or exploreSchedules(…, { seed: ${seed}, runs: 1 }), replays it`,
      cause,
    },
  );
}
