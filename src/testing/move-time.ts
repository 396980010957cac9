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
    if (process.getActiveResourcesInfo().some((resource) => realWork.test(resource))) {
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
