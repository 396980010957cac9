import { readJsonText } from '../plain/read-json-text.js';
import { DocumentError, lineFinder } from './document-error.js';
import { deepest, mostNodes, type Origin, type Raw } from './raw.js';

/**
 * Reads a JSON document. Each value knows its line.
 * @throws DocumentError
 */
export function readJsonDocument(text: string, file: string): Raw {
  const lineOf = lineFinder(text);
  let nodes = 0;
  const origin = (at: number): Origin => {
    if (++nodes > mostNodes) throw new DocumentError(`it holds more than ${mostNodes} values`, lineOf(at));
    return { kind: 'file', name: file, line: lineOf(at) };
  };
  return readJsonText<Raw>(text, {
    value: (value, at) => ({ kind: 'value', value, isText: false, origin: origin(at) }),
    list: (items, at) => ({ kind: 'list', items, origin: origin(at) }),
    object: (entries, at) => ({ kind: 'map', entries, origin: origin(at) }),
    invalid: (what, at) => new DocumentError(`it is no JSON: ${what}`, lineOf(at)),
    maxDepth: deepest,
  });
}
