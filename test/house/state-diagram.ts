import { join } from 'node:path';
import { workerTransitions } from '../../src/worker/states.js';

/** The page that shows the states of a worker. */
export const statesPageFile = join('docs', 'lifecycle.md');

/** The life of a worker as a diagram, made from the table that is in force. */
export function stateDiagram(): string {
  const arrows = new Map<string, string[]>();
  for (const [from, transitions] of Object.entries(workerTransitions)) {
    for (const [event, to] of Object.entries(transitions)) {
      const ends = `${nodeOf(from)} --> ${nodeOf(to)}`;
      arrows.set(ends, [...(arrows.get(ends) ?? []), event]);
    }
  }
  const lines = [...arrows].map(([ends, events]) => `    ${ends}: ${events.join(', ')}`);
  const names = Object.keys(workerTransitions).filter((state) => state !== nodeOf(state));
  const aliases = names.map((state) => `    state "${state}" as ${nodeOf(state)}`);
  return ['```mermaid', 'stateDiagram-v2', ...aliases, '    [*] --> created', ...lines, '```', ''].join('\n');
}

/** The page with its diagram replaced by the one of today. */
export function withStateDiagram(page: string): string {
  return page.replace(/^```mermaid\n[^`]*```\n/m, () => stateDiagram());
}

/** A hyphen cannot stand in the name of a node. */
function nodeOf(state: string): string {
  return state.replace('-', '_');
}
