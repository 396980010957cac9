import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from 'plba';
import { compile } from '../support/compile.js';
import { codesIn, codesRaised } from './error-codes.js';
import { errorsPageFile, errorsTable, withErrorsTable } from './errors-page.js';
import { listOf, publicNames, publicNamesFile, type PublicName } from './public-names.js';

describe('the public names', () => {
  let names: PublicName[];

  before(function () {
    this.timeout(60_000); // type-checks src/
    names = publicNames();
  });

  it('are those of test/house/public-names.txt (npm run names:update rewrites it)', () => {
    expect(listOf(names)).to.equal(readFileSync(publicNamesFile, 'utf8'));
  });

  it('each have a docstring', () => {
    expect(names.filter(({ docstring }) => docstring === '').map(({ name }) => name)).to.deep.equal([]);
  });

  it('promise no any', () => {
    expect(names.flatMap(({ anys }) => anys)).to.deep.equal([]);
  });

  it('keep every test double behind plba/testing', () => {
    const front = new Set(names.filter(({ door }) => door === 'plba').map(({ name }) => name));
    expect(names.filter(({ door, name }) => door === 'plba/testing' && front.has(name))).to.deep.equal([]);
  });
});

describe('the inspection of public names', () => {
  const door = join(process.cwd(), 'src', 'example.ts');
  const namesOf = (text: string): PublicName[] =>
    publicNames({ example: 'src/example.ts' }, compile([], new Map([[door, text]])));

  const cases: [what: string, text: string, anys: string[]][] = [
    ['a parameter', 'export function f(a: any): void {}', ['f(a)']],
    ['an answer', 'export function f(): Promise<any> { throw new Error(); }', ['f()<>']],
    ['a member', 'export interface I { readonly a: { b: any[] } }', ['I.a.b<>']],
    ['a type', 'export type T = Record<string, any>;', ['T[]']],
    ['a constant without a type', 'export const c = JSON.parse("1");', ['c']],
    [
      'a type that is behind a name',
      'interface Hidden { a: any }\nexport function f(): Hidden { throw new Error(); }',
      ['f().a'],
    ],
    ['a private field (allowed)', 'export class C { private readonly a: any; }', []],
    ["inversify's own (allowed)", `import type { Newable } from 'inversify';\nexport type T = Newable<string>;`, []],
  ];
  before(function () {
    this.timeout(30_000);
    namesOf('export const warm = 1;');
  });
  for (const [what, text, anys] of cases) {
    it(`looks for any in ${what}`, function () {
      this.timeout(30_000);
      expect(namesOf(text).flatMap((name) => name.anys)).to.deep.equal(anys);
    });
  }

  it('sees whether a name has a docstring', function () {
    this.timeout(30_000);
    const names = namesOf('/** Says a. */\nexport const a = 1;\nexport const b = 2;');
    expect(names.map(({ name, kind, docstring }) => [name, kind, docstring])).to.deep.equal([
      ['a', 'const', 'Says a.'],
      ['b', 'const', ''],
    ]);
  });
});

describe('the catalogue of errors', () => {
  it('has no code that nothing raises', () => {
    const raised = codesRaised(join(process.cwd(), 'src'), 'errors.ts');
    expect(Object.keys(errorCatalogue).filter((code) => !raised.has(code))).to.deep.equal([]);
  });

  it('stands in docs/errors.md, code by code (npm run names:update writes the table)', () => {
    const page = readFileSync(errorsPageFile, 'utf8');
    expect(page).to.include(errorsTable());
    expect(withErrorsTable(page)).to.equal(page);
  });

  const cases: [what: string, text: string, codes: string[]][] = [
    ['is thrown', `throw new PlbaError('A_CODE', 'text');`, ['A_CODE']],
    ['is handed on', `const code = isLate ? 'A_CODE' : 'OTHER_CODE';`, ['A_CODE', 'OTHER_CODE']],
    ['stands in a type only', `let code: 'A_CODE' | undefined;`, []],
    ['is compared with only', `if (error.code === 'A_CODE') wait();`, []],
  ];
  for (const [what, text, codes] of cases) {
    it(`${codes.length > 0 ? 'counts' : 'does not count'} a code that ${what}`, () => {
      expect(codesIn(text)).to.deep.equal(codes);
    });
  }
});
