import type { Part } from './part.js';
import { make, type Tree } from './tree.js';

/**
 * What stands in the place of a part: what it shows, or plainly why there is nothing to show. An answer that is known stays while
 * nobody answers; the head of the page says that it is old.
 */
export function shown<T>(part: Part<T>, what: string, view: (value: T) => Tree): Tree {
  const { value, problem } = part;
  if (value !== undefined && (problem === undefined || problem.isSilence)) return view(value);
  if (problem === undefined) return make('p', { class: 'quiet' }, `Loading ${what} …`);
  if (problem.isMissing) return make('p', { class: 'quiet' }, `This application does not offer ${what}.`);
  if (problem.needsToken) return make('p', { class: 'quiet' }, `A token is needed to see ${what}.`);
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  return make('p', { class: 'problem' }, `No ${what}: ${problem.message}${hint}`);
}
