/** A thing and what it needs, by name. */
export interface Needing {
  readonly name: string;
  readonly needs: readonly string[];
}

/** A place in a layer: a thing, or a bend of a line that passes by. */
export interface Slot extends Needing {
  readonly isBend: boolean;
}

/**
 * Lays things out in layers: each stands one layer behind the last of what it needs, so that every line points forward. A line
 * that would cross a layer gets a place of its own there, so that it passes beside the things and not behind them. Needs that are
 * not among the things are left out; there are no circles, the start refuses them.
 */
export function inLayers(things: readonly Needing[]): readonly (readonly Slot[])[] {
  const depths = depthsOf(things);
  const slots: Slot[] = [];
  for (const { name, needs } of things) {
    const known = needs.filter((need) => depths.has(need));
    slots.push({ name, isBend: false, needs: known.map((need) => lineTo(name, need, depths, slots)) });
  }
  const all = depthsOf(slots);
  const layers: Slot[][] = [];
  for (const slot of slots) (layers[all.get(slot.name) ?? 0] ??= []).push(slot);
  return inOrder(layers);
}

/** How many layers of needs lie below each thing. */
function depthsOf(things: readonly Needing[]): ReadonlyMap<string, number> {
  const byName = new Map(things.map((thing) => [thing.name, thing]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const needs = (byName.get(name)?.needs ?? []).filter((need) => byName.has(need));
    const depth = needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  for (const { name } of things) depthOf(name);
  return depths;
}

/** Adds the bends on the way from `need` to `name`; answers the last of them, or `need` itself when it is next door. */
function lineTo(name: string, need: string, depths: ReadonlyMap<string, number>, slots: Slot[]): string {
  const layersBetween = (depths.get(name) ?? 0) - (depths.get(need) ?? 0) - 1;
  let last = need;
  for (let layer = 1; layer <= layersBetween; layer += 1) {
    // No name of a thing has a blank.
    const bend = `${need} to ${name} ${layer}`;
    slots.push({ name: bend, isBend: true, needs: [last] });
    last = bend;
  }
  return last;
}

/** Within a layer, what needs things far up stands far up. */
function inOrder(layers: readonly Slot[][]): readonly (readonly Slot[])[] {
  const rank = new Map<string, number>();
  for (const layer of layers) {
    const wanted = new Map(
      layer.map(({ name, needs }, index) => {
        const ranks = needs.flatMap((need) => rank.get(need) ?? []);
        return [name, ranks.length === 0 ? index : ranks.reduce((sum, each) => sum + each, 0) / ranks.length];
      }),
    );
    layer.sort((a, b) => (wanted.get(a.name) ?? 0) - (wanted.get(b.name) ?? 0));
    layer.forEach(({ name }, index) => rank.set(name, index));
  }
  return layers;
}
