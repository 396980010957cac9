import type * as Yaml from 'js-yaml';
import { DocumentError, lineFinder } from './document-error.js';
import { deepest, mostNodes, type Origin, type Raw } from './raw.js';

/**
 * Reads a YAML document (1.2, core schema, one document). Each value knows its line; what an alias stands for has the line of the
 * anchor. Undefined for a document in which nothing stands.
 *
 * Loads js-yaml when it is called.
 * @throws DocumentError
 */
export async function readYamlDocument(text: string, file: string): Promise<Raw | undefined> {
  const yaml = await import('js-yaml');
  const lineOf = lineFinder(text);
  try {
    const events = yaml.parseEvents(text, { maxDepth: deepest + 2 });
    if (events.length === 0 || isEmpty(text)) return undefined;
    // The values come from the library, which knows all of YAML's rules; the events only say where they stand.
    const data = yaml.load(text, { maxDepth: deepest + 2 });
    return new Placer(yaml, text, file, lineOf, events).place(data);
  } catch (error) {
    if (error instanceof yaml.YAMLException)
      throw new DocumentError(`it is no YAML: ${error.reason}`, lineOf(error.mark?.position ?? 0));
    throw error;
  }
}

/** Comments and the marks around one document, and nothing else. */
function isEmpty(text: string): boolean {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (lines.filter((line) => line.startsWith('---')).length > 1) return false;
  return lines.every((line) => /^(?:\s*(?:#.*)?|(?:---|\.\.\.)(?:\s+#.*|\s*))$/.test(line));
}

/** Where a value stands, and what stands in it. */
interface Place {
  readonly line: number;
  readonly items?: readonly Place[];
  readonly entries?: ReadonlyMap<string, Place>;
}

/** Walks through the events and the values of a document side by side. */
class Placer {
  private at = 0;
  private nodes = 0;
  private readonly anchors = new Map<string, Place>();

  constructor(
    private readonly yaml: typeof Yaml,
    private readonly text: string,
    private readonly file: string,
    private readonly lineOf: (offset: number) => number,
    private readonly events: readonly Yaml.Event[],
  ) {}

  place(data: unknown): Raw {
    this.at = 1; // the first event opens the document
    return this.toRaw(data, this.readPlace(1), 0);
  }

  /** The place of the value that begins with the next event. */
  private readPlace(lineBefore: number): Place {
    const event = this.events[this.at++];
    switch (event?.type) {
      case this.yaml.EVENT_ID.SCALAR:
        return this.remember(event, { line: this.lineFrom(event.valueStart, lineBefore) });
      case this.yaml.EVENT_ID.ALIAS:
        return this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd)) ?? { line: lineBefore };
      case this.yaml.EVENT_ID.SEQUENCE: {
        const line = this.lineFrom(event.start, lineBefore);
        const items: Place[] = [];
        while (!this.isOver()) items.push(this.readPlace(line));
        return this.remember(event, { line, items });
      }
      case this.yaml.EVENT_ID.MAPPING: {
        const line = this.lineFrom(event.start, lineBefore);
        const entries = new Map<string, Place>();
        while (!this.isOver()) this.readEntry(entries, line);
        return this.remember(event, { line, entries });
      }
      default:
        return { line: lineBefore };
    }
  }

  private readEntry(entries: Map<string, Place>, lineBefore: number): void {
    const key = this.events[this.at];
    const { line } = this.readPlace(lineBefore);
    const name = key?.type === this.yaml.EVENT_ID.SCALAR ? this.yaml.getScalarValue(this.text, key) : undefined;
    if (name === '' && key?.type === this.yaml.EVENT_ID.SCALAR && key.style === this.yaml.SCALAR_STYLE.PLAIN)
      throw new DocumentError('it is no YAML: a key is missing', line);
    const value = this.readPlace(line);
    if (name !== undefined) entries.set(name, value);
  }

  /** Whether the sequence or mapping ends here; steps over its end. */
  private isOver(): boolean {
    const event = this.events[this.at];
    if (event !== undefined && event.type !== this.yaml.EVENT_ID.POP) return false;
    this.at++;
    return true;
  }

  private remember(event: Yaml.ScalarEvent | Yaml.SequenceEvent | Yaml.MappingEvent, place: Place): Place {
    if (event.tagStart >= 0 && this.text.slice(event.tagStart, event.tagEnd) === '!')
      throw new DocumentError('it is no configuration: a tag has no name', place.line);
    if (event.anchorStart >= 0) this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), place);
    return place;
  }

  private lineFrom(offset: number, lineBefore: number): number {
    return offset < 0 ? lineBefore : this.lineOf(offset);
  }

  // Aliases are shared objects, so that a few lines can stand for billions of values: each use counts.
  private toRaw(data: unknown, place: Place | undefined, depth: number, lineBefore = 1): Raw {
    const line = place?.line ?? lineBefore;
    if (++this.nodes > mostNodes) throw new DocumentError(`it holds more than ${mostNodes} values`, line);
    if (depth > deepest) throw new DocumentError(`it is nested more than ${deepest} levels deep`, line);
    const origin: Origin = { kind: 'file', name: this.file, line };
    if (Array.isArray(data)) {
      const items = data.map((item, index) => this.toRaw(item, place?.items?.[index], depth + 1, line));
      return { kind: 'list', items, origin };
    }
    if (typeof data === 'object' && data !== null) {
      const entries = Object.entries(data).map(([key, item]): [string, Raw] => [
        key,
        this.toRaw(item, place?.entries?.get(key), depth + 1, line),
      ]);
      return { kind: 'map', entries: new Map(entries), origin };
    }
    return { kind: 'value', value: data, isText: false, origin };
  }
}
