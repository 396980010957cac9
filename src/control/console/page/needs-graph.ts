import type { Worker } from './answers.js';
import { toneOf } from './badges.js';
import { inLayers, type Slot } from './layers.js';
import { workerAddress } from './place.js';
import { type Branch, make } from './tree.js';

const box = { width: 160, height: 40, gapX: 70, gapY: 16, margin: 8, letters: 20 };

interface Node {
  readonly name: string;
  readonly kind: 'worker' | 'contributor';
  readonly status: string;
  readonly needs: readonly string[];
}

/** Workers and health contributors as boxes, with a line from each to those that need it. */
export function needsGraph(
  workers: readonly Worker[],
  contributors: readonly { readonly name: string; readonly status: string }[],
): Branch {
  const nodes: Node[] = [
    ...contributors.map(({ name, status }) => ({ name, kind: 'contributor' as const, status, needs: [] })),
    ...workers.map(({ name, health, options }) => ({
      name,
      kind: 'worker' as const,
      status: health.status,
      needs: options.needs,
    })),
  ];
  const layers = inLayers(nodes);
  const places = placesOf(layers);
  const width = layers.length * (box.width + box.gapX) - box.gapX + 2 * box.margin;
  const rows = Math.max(1, ...layers.map(({ length }) => length));
  const height = rows * (box.height + box.gapY) - box.gapY + 2 * box.margin;
  const lines = layers.flat().map((slot) => linesOf(slot, places));
  const label = 'Who needs whom, from left to right; as a list below';
  return make(
    'div',
    { class: 'graph', tabindex: 0, role: 'region', 'aria-label': label },
    make(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, width, height },
      lines,
      nodes.map((node) => boxOf(node, places)),
    ),
  );
}

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

function placesOf(layers: readonly (readonly Slot[])[]): Places {
  const places = layers.flatMap((layer, column) =>
    layer.map(({ name }, row) => {
      const x = box.margin + column * (box.width + box.gapX);
      return [name, { x, y: box.margin + row * (box.height + box.gapY) }] as const;
    }),
  );
  return new Map(places);
}

/** The lines that come into a slot, and the one that goes through it when it is a bend. */
function linesOf({ name, needs, isBend }: Slot, places: Places): readonly Branch[] {
  const end = places.get(name);
  if (end === undefined) return [];
  const y2 = end.y + box.height / 2;
  const through = isBend ? [pathOf(`M${end.x},${y2} H${end.x + box.width}`)] : [];
  const into = needs.flatMap((need) => {
    const start = places.get(need);
    if (start === undefined) return [];
    const [x1, y1] = [start.x + box.width, start.y + box.height / 2];
    const middle = (x1 + end.x) / 2;
    return [pathOf(`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${end.x},${y2}`)];
  });
  return [...through, ...into];
}

function pathOf(d: string): Branch {
  return make('path', { class: 'line', d });
}

function boxOf({ name, kind, status }: Node, places: Places): Branch | undefined {
  const place = places.get(name);
  if (place === undefined) return undefined;
  const { x, y } = place;
  const shape = make('rect', {
    class: `node ${toneOf(status)}`,
    ...{ x, y, width: box.width, height: box.height, rx: kind === 'worker' ? 6 : box.height / 2 },
  });
  const text = name.length > box.letters ? `${name.slice(0, box.letters - 1)}…` : name;
  const content = [
    make('title', {}, `${kind} ${name}: ${status}`),
    shape,
    make('text', { x: x + box.width / 2, y: y + 18 }, text),
    make(
      'text',
      { x: x + box.width / 2, y: y + 33, class: 'small' },
      kind === 'worker' ? status : `contributor, ${status}`,
    ),
  ];
  return kind === 'worker'
    ? make('a', { key: name, href: workerAddress(name) }, content)
    : make('g', { key: `contributor ${name}` }, content);
}
