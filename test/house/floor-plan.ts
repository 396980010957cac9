import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

/** A source file: path below src/ with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a reader of the plan needs to know. */
export interface Plan {
  readonly floors: readonly (readonly string[])[];
  readonly doors: readonly string[];
}

/** Everything in the sources that breaks the plan, one sentence each. */
export function inspect(files: readonly SourceFile[], { floors, doors }: Plan): string[] {
  const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]));
  const findings: string[] = [];

  for (const file of files) {
    const room = roomOf(file.path);
    const floor = floorOf.get(room);
    if (floor === undefined) {
      findings.push(`${file.path}: room "${room}" has no floor; give it one in the floor plan`);
      continue;
    }
    if (file.path.endsWith('/index.ts') && !doors.includes(dirname(file.path))) {
      findings.push(`${file.path}: only src/index.ts and the doors have an index; import the file that is meant`);
    }
    findings.push(...exportFindings(file));
    for (const target of imports.get(file.path) ?? []) {
      const targetRoom = roomOf(target);
      const targetFloor = floorOf.get(targetRoom);
      if (targetRoom === room || targetFloor === undefined || targetFloor < floor) continue;
      const how = targetFloor > floor ? 'upwards' : 'across its floor';
      findings.push(
        `${file.path} (floor ${floor}) imports ${target} (floor ${targetFloor}) ${how}; let a higher room connect the two`,
      );
    }
  }
  for (const circle of circles(imports)) findings.push(`files import each other in a circle: ${circle.join(' -> ')}`);
  return findings;
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** The files below src/ that a file imports, statically or not, for values or for types. */
function importsOf(file: SourceFile): string[] {
  const { importedFiles } = ts.preProcessFile(file.text, true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file.path), name)).replace(/\.js$/, '.ts'));
}

function exportFindings(file: SourceFile): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (ts.isExportAssignment(statement) || hasDefaultModifier(statement)) {
      return [`${file.path}: has a default export; export a name`];
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause === undefined) {
      return [`${file.path}: exports everything of another file; name what is meant`];
    }
    return [];
  });
}

function hasDefaultModifier(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

/** Each circle of imports once, as the files on it. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}
