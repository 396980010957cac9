import { join } from 'node:path';
import ts from 'typescript';
import { compile } from '../support/compile.js';
import { anysIn } from './any-types.js';

/** The doors of the package, and the file behind each. */
export const packageDoors: Readonly<Record<string, string>> = {
  plba: 'src/index.ts',
  'plba/testing': 'src/testing/index.ts',
};

/** The file that lists the public names. */
export const publicNamesFile = join('test', 'house', 'public-names.txt');

/** A name that a door exports. */
export interface PublicName {
  readonly door: string;
  readonly kind: string;
  readonly name: string;
  /** Empty without one. */
  readonly docstring: string;
  /** Where an `any` stands in what it promises. */
  readonly anys: readonly string[];
}

/** Every name that the doors export, sorted by door and name. */
export function publicNames(
  doors: Readonly<Record<string, string>> = packageDoors,
  program: ts.Program = programOf(doors),
): PublicName[] {
  const checker = program.getTypeChecker();
  return Object.entries(doors).flatMap(([door, file]) => {
    const source = program.getSourceFile(join(process.cwd(), file));
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} exports nothing`);
    return checker
      .getExportsOfModule(module)
      .map((exported) => {
        const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        return {
          door,
          kind: kindOf(symbol),
          name: exported.getName(),
          docstring: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
          anys: anysIn(symbol, checker),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** The list of public names as it is checked in. */
export function listOf(names: readonly PublicName[]): string {
  return names.map(({ door, kind, name }) => `${door} ${kind} ${name}\n`).join('');
}

function programOf(doors: Readonly<Record<string, string>>): ts.Program {
  return compile(Object.values(doors).map((file) => join(process.cwd(), file)));
}

function kindOf({ flags }: ts.Symbol): string {
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Interface) return 'interface';
  if (flags & ts.SymbolFlags.TypeAlias) return 'type';
  if (flags & ts.SymbolFlags.Variable) return 'const';
  return 'other';
}
