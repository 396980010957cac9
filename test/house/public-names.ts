import { relative } from 'node:path';
import ts from 'typescript';
import { readCompilerOptions } from './repository.js';

/** The doors of the package: what a user imports from, and the file behind it. */
export const packageDoors: Readonly<Record<string, string>> = {
  plba: 'src/index.ts',
  'plba/testing': 'src/testing/index.ts',
};

/** Where the list of public names is kept. */
export const publicNamesFile = 'test/house/public-names.txt';

/** A name that a door exports. */
export interface PublicName {
  readonly door: string;
  readonly name: string;
  readonly kind: 'class' | 'function' | 'const' | 'interface' | 'type';
  /** Whether its declaration starts with a docstring. */
  readonly documented: boolean;
  /** The file of the declaration, and the declaration as the published `.d.ts` has it. */
  readonly file: string;
  readonly published: ts.Statement | undefined;
}

/** Every name that the doors of the package export, sorted by door and name. */
export function readPublicNames(doors: Readonly<Record<string, string>> = packageDoors): PublicName[] {
  const options = { ...readCompilerOptions(), noEmit: false, declaration: true, emitDeclarationOnly: true };
  const program = ts.createProgram(Object.values(doors), { ...options, stripInternal: true });
  const checker = program.getTypeChecker();
  const published = publishedDeclarations(program);

  const names = Object.entries(doors).flatMap(([door, file]) => {
    const source = program.getSourceFile(file);
    const exports = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (exports === undefined) throw new Error(`${file}, the door "${door}", exports nothing`);
    return checker.getExportsOfModule(exports).map((exported): PublicName => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declaredIn = symbol.declarations?.[0]?.getSourceFile().fileName ?? file;
      return {
        door,
        name: exported.name,
        kind: kindOf(symbol),
        documented: symbol.getDocumentationComment(checker).length > 0,
        file: relative(process.cwd(), declaredIn),
        published: published(declaredIn, symbol.name),
      };
    });
  });
  const key = ({ door, name }: PublicName): string => `${door}: ${name}`;
  return names.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The checked-in form of a name: `plba: InMemoryTaskQueue (class)`. */
export function formatPublicName({ door, name, kind }: PublicName): string {
  return `${door}: ${name} (${kind})`;
}

/** Whether `any` stands somewhere in a declaration. */
export function mentionsAny(node: ts.Node): boolean {
  return (
    node.kind === ts.SyntaxKind.AnyKeyword || ts.forEachChild(node, (child) => mentionsAny(child) || undefined) === true
  );
}

function kindOf(symbol: ts.Symbol): PublicName['kind'] {
  if (symbol.flags & ts.SymbolFlags.Class) return 'class';
  if (symbol.flags & ts.SymbolFlags.Function) return 'function';
  if (symbol.flags & ts.SymbolFlags.Variable) return 'const';
  return symbol.flags & ts.SymbolFlags.Interface ? 'interface' : 'type';
}

/** Finds a declaration in what the compiler would publish: inferred types are written out there, private ones left out. */
function publishedDeclarations(program: ts.Program): (file: string, name: string) => ts.Statement | undefined {
  const published = new Map<string, ts.SourceFile>();
  const publish = (file: string): ts.SourceFile => {
    let text = '';
    const take: ts.WriteFileCallback = (_path, emitted) => void (text = emitted);
    program.emit(program.getSourceFile(file), take, undefined, true);
    const declarations = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    published.set(file, declarations);
    return declarations;
  };
  return (file, name) =>
    (published.get(file) ?? publish(file)).statements.find((statement) => declares(statement, name));
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name);
  }
  return (
    (ts.isClassDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)) &&
    statement.name?.text === name
  );
}
