import { TextDecoder } from 'node:util';
import { XmlRefused } from './xml-refused.js';

/** What the decoder of each encoding name is called; names as in an XML declaration, in lower case. */
const decoderOf: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'iso-8859-1',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
};

const byteOrderMarks = [
  { bytes: [0xef, 0xbb, 0xbf], decoder: 'utf-8' },
  { bytes: [0xff, 0xfe], decoder: 'utf-16le' },
  { bytes: [0xfe, 0xff], decoder: 'utf-16be' },
] as const;

/** The declaration is ASCII in every encoding that may come without a byte order mark. */
const declaredEncoding = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/;
const declarationBytes = 512;

/**
 * A decoder for the character encoding of an XML file: its byte order mark says, else its XML declaration, else it is UTF-8
 * (XML 1.0, appendix F). The decoder is fatal: it throws at bytes that its encoding does not have.
 * @throws {XmlRefused} `encoding`, when the file names an encoding that is not supported
 */
export function decoderFor(bytes: Uint8Array): TextDecoder {
  const mark = byteOrderMarks.find((candidate) => candidate.bytes.every((byte, at) => bytes[at] === byte));
  if (mark !== undefined) return new TextDecoder(mark.decoder, { fatal: true });

  const start = Buffer.from(bytes.subarray(0, declarationBytes)).toString('latin1');
  const declared = declaredEncoding.exec(start)?.[1] ?? 'utf-8';
  const decoder = Object.hasOwn(decoderOf, declared.toLowerCase()) ? decoderOf[declared.toLowerCase()] : undefined;
  if (decoder === undefined) {
    throw new XmlRefused('encoding', `the character encoding "${declared.slice(0, 40)}" is not supported`, 1);
  }
  return new TextDecoder(decoder, { fatal: true });
}
