import { PlbaError } from '../errors.js';

/** Something that needs others by name. */
export interface Needy {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Checks that everything that is needed exists and that nobody needs himself through others.
 * @param others names that can be needed and need nothing, such as health contributors
 * @throws `NEEDS_UNKNOWN` with the known names, `NEEDS_CYCLE` with the circle
 */
export function checkNeeds(members: readonly Needy[], others: Iterable<string>): void {
  const known = new Set([...members.map(({ name }) => name), ...others]);
  for (const { name, needs } of members) {
    const missing = needs.find((need) => !known.has(need));
    if (missing !== undefined) throw unknownNeed(name, missing, known);
  }
  needsFirst(members);
}

/** For each name, those who need it directly. */
export function dependentsOf(members: readonly Needy[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, needs } of members) {
    for (const need of needs) {
      const known = dependents.get(need);
      if (known === undefined) dependents.set(need, [name]);
      else known.push(name);
    }
  }
  return dependents;
}

/** The chain of needs whose budgets add up to the most: those who stop one after the other, in the order in which they do. */
export function longestChain<T extends Needy>(
  members: readonly T[],
  budgetMsOf: (member: T) => number,
): { readonly names: readonly string[]; readonly totalMs: number } {
  interface Chain {
    readonly name: string;
    readonly totalMs: number;
    readonly next: Chain | undefined;
  }
  const chains = new Map<string, Chain>();
  let longest: Chain | undefined;
  for (const member of needsFirst(members)) {
    const { name, needs } = member;
    let next: Chain | undefined;
    for (const need of needs) {
      const below = chains.get(need);
      if (below !== undefined && below.totalMs > (next?.totalMs ?? 0)) next = below;
    }
    const chain = { name, totalMs: (next?.totalMs ?? 0) + budgetMsOf(member), next };
    chains.set(name, chain);
    if (chain.totalMs > (longest?.totalMs ?? 0)) longest = chain;
  }
  const names: string[] = [];
  for (let chain = longest; chain !== undefined; chain = chain.next) names.push(chain.name);
  return { names, totalMs: longest?.totalMs ?? 0 };
}

/**
 * The members so that whatever one needs comes before it; otherwise in their own order.
 * @throws `NEEDS_CYCLE` with the circle, when there is one
 */
export function needsFirst<T extends Needy>(members: readonly T[]): T[] {
  if (members.every(({ needs }) => needs.length === 0)) return [...members];
  const byName = new Map(members.map((member) => [member.name, member]));
  const ordered = new Set<T>();
  for (const member of members) {
    if (!ordered.has(member)) visitNeedsFirst(member, byName, ordered);
  }
  return [...ordered];
}

// Depth first, with a path instead of recursion: a chain of needs may be longer than the call stack is deep.
function visitNeedsFirst<T extends Needy>(start: T, byName: ReadonlyMap<string, T>, ordered: Set<T>): void {
  const path = [{ member: start, nextNeed: 0 }];
  const onPath = new Set<T>([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const name = top.member.needs[top.nextNeed++];
    if (name === undefined) {
      ordered.add(top.member);
      onPath.delete(top.member);
      path.pop();
      continue;
    }
    const need = byName.get(name);
    if (need === undefined || ordered.has(need)) continue;
    if (onPath.has(need)) throw circle([...path.map(({ member }) => member.name), name]);
    onPath.add(need);
    path.push({ member: need, nextNeed: 0 });
  }
}

function circle(path: readonly string[]): PlbaError {
  const closing = path[path.length - 1];
  const names = path.slice(path.findIndex((name) => name === closing));
  return new PlbaError('NEEDS_CYCLE', `workers need each other in a circle: ${names.join(' -> ')}`, {
    hint: 'drop one of these needs',
  });
}

function unknownNeed(worker: string, missing: string, known: ReadonlySet<string>): PlbaError {
  const others = [...known].filter((name) => name !== worker).join(', ');
  return new PlbaError(
    'NEEDS_UNKNOWN',
    `worker "${worker}" needs "${missing}", and no worker or health contributor has that name`,
    { hint: `known are: ${others || 'no others'}` },
  );
}
