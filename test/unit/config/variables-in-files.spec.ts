import { expect } from 'chai';
import fc from 'fast-check';
import { expandVariables } from '../../../src/config/expand-variables.js';
import type { Origin, Raw } from '../../../src/config/raw.js';
import type { Violation } from '../../../src/config/violation.js';

const origin: Origin = { kind: 'file', name: 'config/application.yaml', line: 3 };
const text = (value: unknown): Raw => ({ kind: 'value', value, isText: false, origin });

function expand(value: unknown, variables: Readonly<Record<string, string>> = {}): { raw: Raw; said: Violation[] } {
  const said: Violation[] = [];
  const known = new Map(Object.entries(variables).map(([name, held]) => [name, { value: held }]));
  return { raw: expandVariables(text(value), known, said, ['invoices', 'url']), said };
}

function valueOf(value: unknown, variables?: Readonly<Record<string, string>>): unknown {
  const { raw, said } = expand(value, variables);
  expect(said).to.deep.equal([]);
  return raw.kind === 'value' ? raw.value : raw;
}

describe('variables in files', () => {
  const held = { HOST: 'db.internal', PORT: '5432', EMPTY: '', NESTED: '${HOST}', DOLLAR: '$&$1$$' };
  const good: [written: unknown, value: unknown][] = [
    ['${HOST}', 'db.internal'],
    ['http://${HOST}:${PORT}/', 'http://db.internal:5432/'],
    ['${EMPTY}', ''],
    ['${HOST:-other}', 'db.internal'],
    ['${NOBODY:-other}', 'other'],
    ['${EMPTY:-other}', 'other'],
    ['${NOBODY:-}', ''],
    ['${NOBODY:-http://x:80/?a=b}', 'http://x:80/?a=b'],
    ['${NESTED}', '${HOST}'],
    ['${NOBODY:-$HOST}', '$HOST'],
    ['${DOLLAR}', '$&$1$$'],
    ['$${HOST}', '${HOST}'],
    ['$HOST {HOST} $ {HOST}', '$HOST {HOST} $ {HOST}'],
    [7, 7],
    [true, true],
    [null, null],
  ];
  for (const [written, value] of good) {
    it(`${JSON.stringify(written)} is ${JSON.stringify(value)}`, () => {
      expect(valueOf(written, held)).to.equal(value);
    });
  }

  const bad: [written: string, rule: string, hint: string][] = [
    ['${NOBODY}', 'needs the variable NOBODY, which is not set', 'set NOBODY, or write ${NOBODY:-default}'],
    ['a ${HOST', 'has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant'],
    ['${}', 'has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant'],
    ['${1ST}', 'has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant'],
    ['${A B}', 'has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant'],
    ['${A:x}', 'has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant'],
  ];
  for (const [written, rule, hint] of bad) {
    it(`${written} is refused, with its place`, () => {
      expect(expand(written, held).said).to.deep.equal([
        { path: 'invoices.url', rule, from: 'config/application.yaml:3', hint },
      ]);
    });
  }

  it('are put in everywhere in a document, and each that is missing is named with its path', () => {
    const said: Violation[] = [];
    const raw: Raw = {
      kind: 'map',
      origin,
      entries: new Map<string, Raw>([
        ['a', { kind: 'list', origin, items: [text('${A}'), text('${B}')] }],
        ['b', text('${C}')],
      ]),
    };
    expandVariables(raw, new Map([['A', { value: 'x' }]]), said);
    expect(said.map(({ path }) => path)).to.deep.equal(['a.1', 'b']);
  });

  it('make text of a value, whose type is read from it as from a variable, and are named by its origin', () => {
    const { raw } = expand('${PORT}', held);
    expect(raw).to.deep.include({ value: '5432', isText: true });
    expect(raw.origin).to.deep.include({ through: '${PORT}', line: 3 });
    expect(expand('5432', held).raw).to.deep.include({ isText: false });
  });

  it('are put in once: whatever a variable holds stands there as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (anything) => {
        expect(valueOf('<${X}>', { X: anything })).to.equal(`<${anything}>`);
      }),
    );
  });

  it('leave any text alone once each "${" in it is written "$${"', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$', '{', '}', ':-', 'A', '${A}', 'ß', '\n')), (parts) => {
        const any = parts.join('');
        expect(
          valueOf(
            any.replaceAll('${', () => '$${'),
            { A: 'a' },
          ),
        ).to.equal(any);
      }),
    );
  });
});
