import { expect } from 'chai';
import fc from 'fast-check';
import { constantCase, environmentName } from '../../../src/config/key-names.js';
import { locateKey, locateVariable } from '../../../src/config/locate.js';
import { merge, nest, type Origin, type Raw, toRaw } from '../../../src/config/raw.js';
import { group, type Schema } from '../../../src/config/schema.js';

const origin = (name: string): Origin => ({ kind: 'file', name });

/** Plain data as a layer holds it: names that collide often, values of every kind. */
const layer = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, 1, '', 'text', [], [1, { a: 2 }]),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'dE'), tie('node'), { maxKeys: 3 }),
  ),
})).node;

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly from: string;
}

/** What stands in a layer that is no object, and objects with nothing in them. */
function leaves(raw: Raw, path: readonly string[] = []): Leaf[] {
  if (raw.kind === 'map' && raw.entries.size > 0)
    return [...raw.entries].flatMap(([key, inner]) => leaves(inner, [...path, key]));
  const value = raw.kind === 'value' ? raw.value : raw.kind === 'list' ? raw.items.map(plain) : {};
  return [{ path, value, from: raw.origin.name }];
}

function plain(raw: Raw): unknown {
  if (raw.kind === 'value') return raw.value;
  if (raw.kind === 'list') return raw.items.map(plain);
  return Object.fromEntries([...raw.entries].map(([key, inner]) => [key, plain(inner)]));
}

function at(raw: Raw | undefined, path: readonly string[]): Raw | undefined {
  return path.reduce<Raw | undefined>(
    (inner, key) => (inner?.kind === 'map' ? inner.entries.get(key) : undefined),
    raw,
  );
}

describe('merging layers', () => {
  const pair = fc.tuple(layer, layer).map(([a, b]) => [toRaw(a, origin('lower')), toRaw(b, origin('upper'))] as const);

  it('keeps all that the upper one says, and where it came from', () => {
    fc.assert(
      fc.property(pair, ([lower, upper]) => {
        const merged = merge(lower, upper);
        for (const leaf of leaves(upper)) {
          const found = at(merged, leaf.path);
          const isEmptyObject = JSON.stringify(leaf.value) === '{}' && found?.kind === 'map';
          if (!isEmptyObject) expect(leaves(found ?? merged)).to.deep.equal([{ ...leaf, path: [] }]);
        }
      }),
    );
  });

  it('keeps of the lower one exactly what the upper one does not replace', () => {
    fc.assert(
      fc.property(pair, ([lower, upper]) => {
        const merged = merge(lower, upper);
        for (const leaf of leaves(lower)) {
          const isReplaced = [...leaf.path.keys(), leaf.path.length].some((length) => {
            const above = at(upper, leaf.path.slice(0, length));
            return above !== undefined && (above.kind !== 'map' || length === leaf.path.length);
          });
          const isKept = leaves(merged).some(
            ({ path, from }) => from === 'lower' && path.join('.') === leaf.path.join('.'),
          );
          expect(isKept, leaf.path.join('.')).to.equal(!isReplaced);
        }
      }),
    );
  });

  it('changes nothing when nothing is said, and nothing when the same is said again', () => {
    fc.assert(
      fc.property(layer, (data) => {
        const raw = toRaw(data, origin('one'));
        expect(merge(undefined, raw)).to.equal(raw);
        expect(plain(merge(raw, raw))).to.deep.equal(plain(raw));
        if (raw.kind === 'map') expect(plain(merge(raw, toRaw({}, origin('two'))))).to.deep.equal(plain(raw));
      }),
    );
  });

  it('touches neither of the two', () => {
    fc.assert(
      fc.property(pair, ([lower, upper]) => {
        const before = JSON.stringify([plain(lower), plain(upper)]);
        merge(lower, upper);
        expect(JSON.stringify([plain(lower), plain(upper)])).to.equal(before);
      }),
    );
  });
});

describe('the environment variable of a key', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
  const key = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('camel', 'kebab', 'upper'))
    .map(([words, style]) =>
      style === 'kebab'
        ? words.join('-')
        : words.map((text, index) => (index === 0 ? text : text.charAt(0).toUpperCase() + text.slice(1))).join('') +
          (style === 'upper' ? 'URL' : ''),
    );
  const tree: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.constant<Schema>({ kind: 'text' }),
      fc
        .uniqueArray(key, { selector: constantCase, minLength: 1, maxLength: 4 })
        .chain((keys) =>
          fc
            .array(tie('schema'), { minLength: keys.length, maxLength: keys.length })
            .map((inner) => group(Object.fromEntries(keys.map((name, index) => [name, inner[index] as Schema])))),
        ),
    ),
  })).schema;

  const paths = (schema: Schema, path: readonly string[] = []): (readonly string[])[] =>
    schema.kind === 'group'
      ? [...schema.fields].flatMap(([name, field]) => paths(field.schema, [...path, name]))
      : [path];

  it('leads back to the key, whatever the keys are, as long as no two of one object are written alike', () => {
    fc.assert(
      fc.property(tree, (schema) => {
        for (const path of paths(schema)) {
          if (path.length === 0) continue;
          expect(locateVariable(schema, environmentName(path).split('__'))).to.deep.equal({ found: true, path });
          expect(locateKey(schema, path)).to.deep.equal({ found: true, path });
        }
      }),
    );
  });

  it('is upper case, and leads nowhere in another case', () => {
    fc.assert(
      fc.property(tree, (schema) => {
        for (const path of paths(schema)) {
          const name = environmentName(path);
          expect(name).to.match(/^[A-Z0-9_]*$/);
          if (path.length > 0) expect(locateVariable(schema, name.toLowerCase().split('__')).found).to.equal(false);
        }
      }),
    );
  });

  it('sets what its key sets, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.string(), (path, value) => {
        const raw = nest(path, { kind: 'value', value, isText: true, origin: origin('NAME') });
        expect(leaves(raw)).to.deep.equal([{ path, value, from: 'NAME' }]);
      }),
    );
  });
});
