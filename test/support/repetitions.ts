/** How often something is done in a test that repeats it: `PLBA_TEST_REPEAT`, or what the test itself finds enough. */
export function repetitions(enough: number): number {
  const asked = Number(process.env['PLBA_TEST_REPEAT']);
  return Number.isInteger(asked) && asked > 0 ? asked : enough;
}

/**
 * Does all of `tasks`, so many at once, in their order. Resolves when all are over; a task that fails is its own affair.
 * @param lanes how many are under way at a time
 */
export async function inLanes(lanes: number, tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = tasks.values();
  const lane = async (): Promise<void> => {
    for (const task of left) await task();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
