import type { VirtualClock } from '../virtual-clock.js';
import type { Leak } from './leak.js';

/** Sockets and threads need a moment of real time to close. What is open after so long stays open. */
const closingTakesAtMostMs = 250;
/** Whatever else is being closed is closed after so many turns of the event loop. */
const closingTakesAtMostTurns = 10;

/** Timers that have not fired on `clock`, and what `opened` has open once all that closes has had its time. */
export async function findLeaks(clock: VirtualClock, opened: { leaks(): Leak[] }): Promise<Leak[]> {
  const timers = clock.pendingTimers().map(({ dueAt, origin, keepAlive }): Leak => {
    const due = Number.isNaN(dueAt.getTime()) ? 'never due' : `due ${dueAt.toISOString()}`;
    return { kind: 'timer', what: `of the clock, ${due}${keepAlive ? '' : ' (keeps no process alive)'}`, origin };
  });
  const deadlineMs = performance.now() + closingTakesAtMostMs;
  let leaks = opened.leaks();
  for (let turn = 0; leaks.length > 0; turn++) {
    const isClosing = turn < closingTakesAtMostTurns || (leaks.some(takesTime) && performance.now() < deadlineMs);
    if (!isClosing) break;
    await new Promise((resolve) => setImmediate(resolve));
    leaks = opened.leaks();
  }
  return [...timers, ...leaks];
}

function takesTime({ kind }: Leak): boolean {
  return kind !== 'timer' && kind !== 'listener';
}
