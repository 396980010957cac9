/** An element with what it holds. The parts of a document that the reader was told to skip are not in it. */
export interface XmlElement {
  /** `prefix:name` in the reader's own prefixes, whatever the file calls them; `{namespace}name` in any other namespace. */
  readonly name: string;
  /** Attributes in no namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text in one piece: comments do not cut it, CDATA belongs to it. */
  readonly text: string;
  /** The line where it starts, from 1. */
  readonly line: number;
}

/** Every element at `path`, which is names of children joined by `/`, such as `cac:Party/cbc:Name`. */
export function elementsAt(from: XmlElement, path: string): readonly XmlElement[] {
  let found: readonly XmlElement[] = [from];
  for (const name of path.split('/')) {
    found = found.flatMap((element) => element.children.filter((child) => child.name === name));
  }
  return found;
}
