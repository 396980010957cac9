/** The kinds of things that a stopped application can have left behind. */
export type LeakKind = 'timer' | 'listener' | 'socket' | 'thread' | 'child process' | 'file watcher' | 'message port';

/** Something that an application opened and has not closed. */
export interface Leak {
  readonly kind: LeakKind;
  /** What it is, in words: `setInterval every 1000 ms`, `"SIGUSR2" on process`, `TCP 127.0.0.1:5432`. */
  readonly what: string;
  /** Where in the code it was opened: the frames of the application, innermost first. */
  readonly origin: string;
}

/** The leaks as lines for a person, those of one origin together. */
export function formatLeaks(leaks: readonly Leak[]): string {
  const lines = new Map<string, number>();
  for (const { kind, what, origin } of leaks) {
    const line = `${kind}: ${what}, opened at ${origin}`;
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return [...lines].map(([line, times]) => `  ${times === 1 ? '' : `${times} times `}${line}`).join('\n');
}

/** How many of which kind: `2 timers, 1 socket`. */
export function countLeaks(leaks: readonly Leak[]): string {
  const counts = new Map<LeakKind, number>();
  for (const { kind } of leaks) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${count === 1 ? kind : pluralOf(kind)}`).join(', ');
}

function pluralOf(kind: LeakKind): string {
  return kind === 'child process' ? 'child processes' : `${kind}s`;
}
