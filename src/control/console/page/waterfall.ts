import type { Span, Trace } from './answers.js';
import { whole } from './badges.js';
import { barRow } from './bar-row.js';
import { count, duration } from './format.js';
import { table } from './tables.js';
import { make, type Tree } from './tree.js';

/** The spans of a run as a tree, each with a bar where its time lies. */
export function waterfall({ root, droppedSpans }: Trace): Tree {
  const spans = inTreeOrder(root);
  const totalMs = Math.max(1, ...spans.map(({ span }) => span.atMs + (span.durationMs ?? 0)));
  const rows = spans.map(({ span, depth }) => {
    const { spanId, name, atMs, durationMs, error } = span;
    const lengthMs = durationMs ?? totalMs - atMs;
    const tone = error === undefined ? (durationMs === undefined ? 'warn' : 'good') : 'bad';
    return {
      key: spanId,
      cells: [
        // A class for each depth: an indent of its own would be an inline style.
        make('span', { class: `depth depth-${Math.min(depth, 8)}` }, name, why(error)),
        whole(durationMs === undefined ? 'in progress' : duration(durationMs)),
        barRow([{ startMs: atMs, lengthMs, tone }], totalMs),
      ],
    };
  });
  return [
    make('div', { class: 'chart' }, table('Spans', ['Span', 'Took', `0 to ${duration(totalMs)}`], rows)),
    droppedSpans > 0 && make('p', { class: 'quiet' }, `${count(droppedSpans, 'span')} more are not kept.`),
  ];
}

function why(error: string | undefined): Tree {
  return error === undefined ? undefined : make('span', { class: 'why' }, error);
}

/** Each span before what was done in it. */
function inTreeOrder(span: Span, depth = 0): { readonly span: Span; readonly depth: number }[] {
  return [{ span, depth }, ...span.children.flatMap((child) => inTreeOrder(child, depth + 1))];
}
