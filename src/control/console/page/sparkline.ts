import type { Run } from './answers.js';
import { toneOf } from './badges.js';
import { duration } from './format.js';
import { type Branch, make } from './tree.js';
import { latestOf } from './troubles.js';

const shownRuns = 24;
const height = 24;
const step = 5;

/** The last runs of a worker, up to where some are missing, as bars, oldest first: as high as they were long, in the tone of their outcome. */
export function sparkline(ledger: readonly Run[]): Branch | undefined {
  const runs = latestOf(ledger)
    .filter(({ outcome }) => outcome !== undefined)
    .slice(0, shownRuns);
  if (runs.length === 0) return undefined;
  const lengths = runs.map(({ durationMs = 0 }) => durationMs);
  const longest = Math.max(1, ...lengths);
  const bars = runs.map((run, index) => {
    // The root keeps short runs visible beside long ones.
    const size = Math.max(3, Math.sqrt((run.durationMs ?? 0) / longest) * height);
    const x = (runs.length - 1 - index) * step;
    const tone = toneOf(run.outcome ?? '');
    return make('rect', { class: `bar ${tone}`, x, y: height - size, width: step - 1, height: size });
  });
  const attributes = { viewBox: `0 0 ${shownRuns * step} ${height}`, class: 'sparkline', role: 'img' };
  return make('svg', { ...attributes, 'aria-label': inWords(runs, lengths) }, bars);
}

function inWords(runs: readonly Run[], lengths: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const { outcome = '' } of runs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const outcomes = [...counts].map(([outcome, number]) => `${number} ${outcome}`).join(', ');
  return `last ${runs.length} runs: ${outcomes}; ${duration(Math.min(...lengths))} to ${duration(Math.max(...lengths))}`;
}
