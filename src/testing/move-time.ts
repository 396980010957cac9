import type { Duration } from '../contracts/duration.js';
import type { VirtualClock } from './virtual-clock.js';

/** What Node.js calls an operation of the real world that is under way and will come to an end by itself. */
const realWork =
  /^(FSReq|GetAddrInfo|TCPConnect|Write|Shutdown|TLSWrap|TCPSocketWrap|ProcessWrap|PipeConnect|RandomBytes|ZLIB|Zlib|Scrypt|Hash)/;

/**
 * Awaits `promise`, and lets virtual time pass as long as nothing else can bring it to an end. Time waits for files,
 * sockets and child processes that are under way: they take real time, which is none.
 */
export async function moveTimeUntil<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const state = { isSettled: false };
  const done = promise.finally(() => {
    state.isSettled = true;
  });
  done.catch(() => undefined); // it is awaited below
  for (;;) {
    await clock.advance(0);
    if (state.isSettled) return done;
    if (isRealWorkUnderWay()) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      continue;
    }
    const next = clock.pendingTimers().find(({ keepAlive }) => keepAlive);
    if (next === undefined) {
      // Whatever it waits for is out of the clock's sight.
      await new Promise<void>((resolve) => setImmediate(resolve));
      continue;
    }
    const untilNextMs = Math.max(0, Math.ceil(next.dueAt.getTime() - clock.now()));
    await clock.advanceUntil(() => state.isSettled, untilNextMs);
  }
}

/** How long of real time to wait, at most, for what may never end: a socket that is only held open looks like one in use. */
const patienceMs = { before: 200, atTheEnd: 2_000 };

/**
 * Lets virtual time pass until `isThere` holds, for `duration` at most. Before, it waits for files, sockets and child
 * processes that are under way; and before it gives up, for whatever else of the real world holds up who `isAtWork`.
 * @returns whether it held
 */
export async function moveTimeUntilThere(
  clock: VirtualClock,
  duration: Duration,
  isThere: () => boolean,
  isAtWork: () => boolean,
): Promise<boolean> {
  await wait(clock, patienceMs.before, () => isThere() || !isRealWorkUnderWay());
  if (await clock.advanceUntil(isThere, duration)) return true;
  await wait(clock, patienceMs.atTheEnd, () => isThere() || !isAtWork());
  return isThere();
}

/** Lets real time pass, and no virtual one, until `isOver`, for `mostMs` at most. */
async function wait(clock: VirtualClock, mostMs: number, isOver: () => boolean): Promise<void> {
  const untilMs = performance.now() + mostMs;
  for (;;) {
    await clock.advance(0);
    if (isOver() || performance.now() > untilMs) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function isRealWorkUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((resource) => realWork.test(resource));
}
