import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { Program } from '../support/child-process.js';
import { compile } from '../support/compile.js';
import { readPage } from './markdown.js';

const directory = join(process.cwd(), '.data', 'readme');
const file = join(directory, 'mailbox.ts');

/** The worker of the README and the test of it, as one file: the application is not run, it is tested. */
function example(): string {
  const [worker, test] = readPage(readFileSync('README.md', 'utf8')).snippets.filter(
    ({ language }) => language === 'ts',
  );
  return [
    "import { expect } from 'chai';",
    "import { testApplication } from 'plba/testing';",
    ...worker!.text.split('\n').filter((line) => !line.startsWith('void runApplication(')),
    'void (async () => {',
    test!.text,
    '})();',
  ].join('\n');
}

describe("the README's worker and its test", function () {
  this.timeout(120_000); // compiles what they import, all of src/

  before(() => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, example());
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  it('type-check together', () => {
    const program = compile([], new Map([[file, example()]]));
    const source = program.getSourceFile(file);
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).to.deep.equal([]);
  });

  it('run, and the test passes', async () => {
    await using program = new Program(file, { cwd: directory });
    expect(await program.ended, program.output()).to.deep.equal({ code: 0, signal: null });
  });
});
