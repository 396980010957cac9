import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { decoderFor } from './decode-xml.js';
import type { XmlElement } from './xml-element.js';
import { XmlRefused } from './xml-refused.js';

/** How much of a file is read before it is refused. */
export interface XmlLimits {
  readonly maxBytes: number;
  /** How many elements may stand inside one another. */
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Of one element. */
  readonly maxAttributes: number;
}

/** What to read of a document. */
export interface XmlReading {
  readonly limits: XmlLimits;
  /** Namespace to prefix: the names of elements come out in these prefixes. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** Elements, by such a name, that are checked as XML and then dropped with all they hold. */
  readonly skip: ReadonlySet<string>;
}

interface GrowingElement extends XmlElement {
  readonly children: GrowingElement[];
  text: string;
}

const noAttributes: ReadonlyMap<string, string> = new Map();

/** Small enough that health checks and other runs are not held up while a large file is read. */
const chunkBytes = 64 * 1024;

/**
 * Reads a file as XML 1.0 with namespaces, strictly. Nothing outside the file is ever fetched and no entity is ever expanded
 * but the five of XML itself: a document type declaration is refused as such. Lets other work run between chunks.
 * @throws {XmlRefused} when it is no XML, not safe to read, or beyond the limits
 */
export async function readXml(bytes: Uint8Array, reading: XmlReading, signal?: AbortSignal): Promise<XmlElement> {
  checkSize(bytes.length, reading.limits);
  const decoder = decoderFor(bytes);
  const builder = new TreeBuilder(reading);
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    signal?.throwIfAborted();
    builder.write(decode(decoder, bytes, from, builder));
    await nextTurn();
  }
  return builder.end(decoder);
}

/** @throws {XmlRefused} `too-large`; may be asked before the bytes are there */
export function checkSize(bytes: number, { maxBytes }: XmlLimits): void {
  if (bytes > maxBytes) {
    throw new XmlRefused('too-large', `the file has ${bytes} bytes, more than the ${maxBytes} that are allowed`);
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, from: number, builder: TreeBuilder): string {
  try {
    return decoder.decode(bytes.subarray(from, from + chunkBytes), { stream: true });
  } catch {
    // Which byte it was is not told. A chunk is a few hundred lines, so the first of them is still a help.
    throw new XmlRefused('encoding', `from here on there are bytes that are not ${decoder.encoding}`, builder.line);
  }
}

/** Turns what the parser meets into a tree, and its complaints into {@link XmlRefused}. */
class TreeBuilder {
  // XML 1.0 says that later versions are read as if they were 1.0.
  private readonly parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  private readonly open: GrowingElement[] = [];
  private root: GrowingElement | undefined;
  private elements = 0;
  private attributes = 0;
  /** How deep inside a skipped element the parser is; 0 outside. */
  private skipping = 0;
  private ended = false;

  constructor(private readonly reading: XmlReading) {
    this.parser.on('error', (error) => {
      throw this.refused(this.ended ? 'truncated' : 'malformed', error.message.replace(/^\d+:\d+: /, ''));
    });
    this.parser.on('doctype', () => {
      throw this.refused('doctype', 'a document type declaration (DOCTYPE) is not allowed');
    });
    this.parser.on('attribute', () => {
      this.attributes += 1;
      const { maxAttributes } = this.reading.limits;
      if (this.attributes > maxAttributes) {
        throw this.refused('too-many-attributes', `an element with more than ${maxAttributes} attributes`);
      }
    });
    this.parser.on('opentag', (tag) => {
      this.opened(tag);
    });
    this.parser.on('closetag', () => {
      if (this.skipping > 0) this.skipping -= 1;
      else this.open.pop();
    });
    this.parser.on('text', (text) => {
      this.said(text);
    });
    this.parser.on('cdata', (text) => {
      this.said(text);
    });
  }

  get line(): number {
    return this.parser.line;
  }

  write(text: string): void {
    this.parser.write(text);
  }

  end(decoder: TextDecoder): XmlElement {
    this.ended = true;
    try {
      this.parser.write(decoder.decode());
    } catch (error) {
      if (error instanceof XmlRefused) throw error;
      throw this.refused('truncated', 'the file ends inside a character');
    }
    this.parser.close();
    if (this.root === undefined) throw this.refused('truncated', 'there is no document in the file');
    return this.root;
  }

  private opened(tag: SaxesTagNS): void {
    const { limits, skip } = this.reading;
    this.attributes = 0;
    this.elements += 1;
    if (this.elements > limits.maxElements) {
      throw this.refused('too-many-elements', `more than ${limits.maxElements} elements`);
    }
    if (this.open.length + this.skipping >= limits.maxDepth) {
      throw this.refused('too-deep', `more than ${limits.maxDepth} elements inside one another`);
    }
    const name = this.nameOf(tag);
    if (this.skipping > 0 || (skip.has(name) && this.root !== undefined)) {
      this.skipping += 1;
      return;
    }
    const element: GrowingElement = {
      name,
      attributes: attributesOf(tag),
      children: [],
      text: '',
      line: this.parser.line,
    };
    this.open.at(-1)?.children.push(element);
    this.root ??= element;
    this.open.push(element);
  }

  private said(text: string): void {
    const element = this.skipping > 0 ? undefined : this.open.at(-1);
    if (element !== undefined) element.text += text;
  }

  private nameOf(tag: SaxesTagNS): string {
    const prefix = this.reading.prefixes.get(tag.uri);
    return prefix === undefined ? `{${tag.uri}}${tag.local}` : `${prefix}:${tag.local}`;
  }

  private refused(code: XmlRefused['code'], problem: string): XmlRefused {
    return new XmlRefused(code, problem, this.parser.line);
  }
}

function attributesOf(tag: SaxesTagNS): ReadonlyMap<string, string> {
  const own = Object.values(tag.attributes).filter((attribute) => attribute.uri === '');
  return own.length === 0 ? noAttributes : new Map(own.map((attribute) => [attribute.local, attribute.value]));
}
