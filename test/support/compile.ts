import { join } from 'node:path';
import ts from 'typescript';

const parsed = new Map<string, ts.SourceFile | undefined>();

/** The compiler options of this repository, as its tsconfig.json says. */
export function repositoryOptions(): ts.CompilerOptions {
  const file = join(process.cwd(), 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, process.cwd());
  return { ...options, noEmit: true };
}

/**
 * One program over `roots`, with the options of the repository. `virtual` are files that are not on disk: absolute path to
 * text. Files on disk are parsed once for all programs of a process.
 */
export function compile(roots: readonly string[], virtual: ReadonlyMap<string, string> = new Map()): ts.Program {
  const options = repositoryOptions();
  const host = ts.createCompilerHost(options, true);
  const fromDisk = host.getSourceFile.bind(host);
  const existsOnDisk = host.fileExists.bind(host);
  const readFromDisk = host.readFile.bind(host);
  host.fileExists = (path) => virtual.has(path) || existsOnDisk(path);
  host.readFile = (path) => virtual.get(path) ?? readFromDisk(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = virtual.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, language, true);
    if (!parsed.has(path)) parsed.set(path, fromDisk(path, language, ...rest));
    return parsed.get(path);
  };
  return ts.createProgram([...roots, ...virtual.keys()], options, host);
}
