import { PlbaError } from '../errors.js';

/** Something that needs others by name. */
export interface Needy {
  readonly name: string;
  readonly needs: readonly string[];
}

/**
 * Checks that everything that is needed exists and that nobody needs himself through others.
 * @param others names that can be needed and need nothing, such as health contributors
 * @throws `NEEDS_UNKNOWN` with the nearest known names, `NEEDS_CYCLE` with the circle
 */
export function checkNeeds(members: readonly Needy[], others: Iterable<string>): void {
  const byName = new Map(members.map((member) => [member.name, member]));
  const known = new Set([...byName.keys(), ...others]);
  for (const { name, needs } of members) {
    const missing = needs.find((need) => !known.has(need));
    if (missing !== undefined) {
      throw new PlbaError(
        'NEEDS_UNKNOWN',
        `worker "${name}" needs "${missing}", and no worker or health contributor has that name`,
        {
          hint: `known are: ${[...known].filter((other) => other !== name).join(', ') || 'no others'}`,
        },
      );
    }
  }
  const done = new Set<string>();
  for (const { name } of members) {
    const circle = findCircle(name, byName, done);
    if (circle !== undefined) {
      throw new PlbaError('NEEDS_CYCLE', `workers need each other in a circle: ${circle.join(' -> ')}`, {
        hint: 'drop one of these needs',
      });
    }
  }
}

// Iterative: a chain of needs may be longer than the call stack is deep.
function findCircle(start: string, byName: ReadonlyMap<string, Needy>, done: Set<string>): string[] | undefined {
  const path: { name: string; next: number }[] = [{ name: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const need = done.has(top.name) ? undefined : byName.get(top.name)?.needs[top.next++];
    if (need === undefined) {
      done.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(need)) {
      return [...path.slice(path.findIndex(({ name }) => name === need)).map(({ name }) => name), need];
    } else if (!done.has(need)) {
      onPath.add(need);
      path.push({ name: need, next: 0 });
    }
  }
  return undefined;
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

/** The chain of needs whose budgets add up to the most: those who stop one after the other. */
export function longestChain(members: readonly (Needy & { readonly stopBudgetMs: number })[]): {
  readonly names: readonly string[];
  readonly totalMs: number;
} {
  const byName = new Map(members.map((member) => [member.name, member]));
  const best = new Map<string, { total: number; next: string | undefined }>();
  const order = needsFirst(members);
  for (const { name, needs, stopBudgetMs } of order) {
    let below: { total: number; next: string | undefined } = { total: 0, next: undefined };
    for (const need of needs) {
      const total = best.get(need)?.total ?? 0;
      if (byName.has(need) && total > below.total) below = { total, next: need };
    }
    best.set(name, { total: below.total + stopBudgetMs, next: below.next });
  }
  let top: string | undefined;
  for (const { name } of members) {
    if (top === undefined || (best.get(name)?.total ?? 0) > (best.get(top)?.total ?? 0)) top = name;
  }
  const names: string[] = [];
  for (let name = top; name !== undefined; name = best.get(name)?.next) names.push(name);
  return { names, totalMs: top === undefined ? 0 : (best.get(top)?.total ?? 0) };
}

/** The members so that whatever one needs comes before it; otherwise in their own order. The needs must have no circle. */
export function needsFirst<T extends Needy>(members: readonly T[]): T[] {
  const byName = new Map(members.map((member) => [member.name, member]));
  const ordered = new Set<T>();
  for (const member of members) {
    const stack = [member];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const unmet = top.needs.map((need) => byName.get(need)).find((need) => need !== undefined && !ordered.has(need));
      if (unmet !== undefined) stack.push(unmet);
      else {
        ordered.add(top);
        stack.pop();
      }
    }
  }
  return [...ordered];
}
