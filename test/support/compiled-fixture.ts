import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { repositoryOptions } from './compile.js';

/**
 * A program of the tests as its users would run it: compiled, in a folder of its own, on the build. A process of it costs a
 * tenth of one that compiles its sources, so that there can be hundreds of them.
 */
export class CompiledFixture implements Disposable {
  /** The compiled file. */
  readonly file: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'plba-fixture-'));

  /** @param source a TypeScript file that imports nothing but packages */
  constructor(source: string) {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(process.cwd(), join(modules, 'plba'));
    for (const name of ['reflect-metadata', 'inversify'])
      symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
    this.file = join(this.folder, basename(source).replace(/\.ts$/, '.mjs'));
    const compilerOptions = { ...repositoryOptions(), module: ts.ModuleKind.ESNext, noEmit: false };
    writeFileSync(this.file, ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
