/** What an element is told: attributes, and listeners under their `on…` names. `undefined` and `false` leave it out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** An element as it should be. */
export interface Branch {
  readonly tag: string;
  /** Tells it from its siblings, so that it stays the same element when others come, go or change places. */
  readonly key: string | undefined;
  readonly attributes: Attributes;
  readonly children: readonly Tree[];
}

/** What can stand in an element: another one, a text, nothing, or a list of these. */
export type Tree = Branch | string | number | undefined | false | readonly Tree[];

/** Says how an element should be. Its texts become text nodes, whatever is in them: nothing here can make HTML of one. */
export function make(tag: string, attributes: Attributes = {}, ...children: readonly Tree[]): Branch {
  const { key, ...others } = attributes;
  return { tag, key: key === undefined ? undefined : String(key), attributes: others, children };
}

/** The branches and texts of a list, without the nothings. */
export function flatten(children: readonly Tree[]): (Branch | string)[] {
  return children.flatMap((child): (Branch | string)[] => {
    if (child === undefined || child === false) return [];
    if (typeof child === 'string' || typeof child === 'number') return [String(child)];
    return isList(child) ? flatten(child) : [child];
  });
}

function isList(tree: Branch | readonly Tree[]): tree is readonly Tree[] {
  return Array.isArray(tree);
}
