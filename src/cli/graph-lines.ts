import type { Blueprint, PlannedWorker } from '../application/blueprint.js';
import { triggerText } from './trigger-text.js';

/** The languages that a graph can be written in. */
export const graphFormats = ['mermaid', 'dot'] as const;

/** One of {@link graphFormats}. */
export type GraphFormat = (typeof graphFormats)[number];

/** An application as a graph: modules with their workers and health contributors; who needs whom; which module imports which. */
export function graphLines(blueprint: Blueprint, format: GraphFormat): string[] {
  return format === 'dot' ? dotLines(blueprint) : mermaidLines(blueprint);
}

function mermaidLines({ modules, workers, contributors }: Blueprint): string[] {
  const ids = new Map<string, string>();
  const idOf = (kind: string, name: string): string => {
    const key = `${kind} ${name}`;
    const id = ids.get(key) ?? `n${ids.size}`;
    ids.set(key, id);
    return id;
  };
  const lines = ['flowchart LR'];
  for (const { name } of modules) {
    lines.push(`  subgraph ${idOf('module', name)}["${mermaidText(name)}"]`);
    for (const worker of workers.filter(({ module }) => module === name))
      lines.push(`    ${idOf('member', worker.name)}["${labelOf(worker).map(mermaidText).join('<br/>')}"]`);
    for (const contributor of contributors.filter(({ module }) => module === name))
      lines.push(`    ${idOf('member', contributor.name)}(["${mermaidText(contributor.name)}"])`);
    lines.push('  end');
  }
  for (const name of unknownNeeds(workers, contributors))
    lines.push(`  ${idOf('member', name)}{{"${mermaidText(name)}: unknown"}}`);
  for (const { name, needs } of workers)
    for (const need of needs) lines.push(`  ${idOf('member', name)} -->|needs| ${idOf('member', need)}`);
  for (const { name, imports } of modules)
    for (const imported of imports) lines.push(`  ${idOf('module', name)} -.->|imports| ${idOf('module', imported)}`);
  return lines;
}

function dotLines({ application, modules, workers, contributors }: Blueprint): string[] {
  const member = (name: string): string => dotText(`member ${name}`);
  const module = (name: string): string => dotText(`module ${name}`);
  const lines = [`digraph ${dotText(application)} {`, '  rankdir=LR;', '  node [shape=box];'];
  for (const { name } of modules) {
    lines.push(`  subgraph ${dotText(`cluster ${name}`)} {`);
    lines.push(`    ${module(name)} [label=${dotText(name)}, shape=folder];`);
    for (const worker of workers.filter((each) => each.module === name))
      lines.push(`    ${member(worker.name)} [label=${dotText(labelOf(worker).join('\n'))}];`);
    for (const contributor of contributors.filter((each) => each.module === name))
      lines.push(`    ${member(contributor.name)} [label=${dotText(contributor.name)}, shape=ellipse];`);
    lines.push('  }');
  }
  for (const name of unknownNeeds(workers, contributors))
    lines.push(`  ${member(name)} [label=${dotText(`${name}: unknown`)}, shape=hexagon];`);
  for (const { name, needs } of workers)
    for (const need of needs) lines.push(`  ${member(name)} -> ${member(need)} [label="needs"];`);
  for (const { name, imports } of modules)
    for (const imported of imports)
      lines.push(`  ${module(name)} -> ${module(imported)} [label="imports", style=dashed];`);
  return [...lines, '}'];
}

/** What stands in the box of a worker, line by line. */
function labelOf({ name, trigger, critical, enabled }: PlannedWorker): string[] {
  const traits = [...(critical ? [] : ['not critical']), ...(enabled ? [] : ['disabled'])];
  return [name, triggerText(trigger), ...(traits.length === 0 ? [] : [traits.join(', ')])];
}

function unknownNeeds(
  workers: readonly PlannedWorker[],
  contributors: readonly { readonly name: string }[],
): ReadonlySet<string> {
  const known = new Set([...workers, ...contributors].map(({ name }) => name));
  return new Set(workers.flatMap(({ needs }) => needs).filter((need) => !known.has(need)));
}

function mermaidText(text: string): string {
  return text.replace(/[&<>"#;*_`\\]/g, (character) => `#${character.charCodeAt(0)};`);
}

function dotText(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
