import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { Program } from '../support/child-process.js';
import { compile } from '../support/compile.js';
import { anchorsOf, linksOf, readPage, tableRowsOf, type Page, type Snippet } from './markdown.js';
import { publicNames } from './public-names.js';

const root = process.cwd();
const notOurs = new Set(['node_modules', 'dist', 'coverage', '.data', '.git']);

/** Every Markdown page of the repository, by path. */
function readPages(directory = root): Map<string, Page> {
  const pages = new Map<string, Page>();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !notOurs.has(entry.name)) for (const each of readPages(path)) pages.set(...each);
    if (entry.isFile() && entry.name.endsWith('.md'))
      pages.set(relative(root, path), readPage(readFileSync(path, 'utf8')));
  }
  return pages;
}

const pages = readPages();
const snippets = [...pages].flatMap(([path, page]) =>
  page.snippets
    .filter(({ language }) => language === 'ts' || language === 'typescript')
    .map((snippet) => ({ ...snippet, name: `${path}:${snippet.line}`, path })),
);
const checked = snippets.filter(({ note }) => !note.startsWith('no-check'));

describe('the snippets in the docs', () => {
  it('say what is done with them: nothing (type-checked), run, run exit=<code>, or no-check: <reason>', () => {
    const understood = /^(|run|run exit=\d+|no-check: .+)$/;
    expect(
      snippets.filter(({ note }) => !understood.test(note)).map(({ name, note }) => `${name} says "${note}"`),
    ).to.deep.equal([]);
    expect(
      snippets.filter(({ language }) => language !== 'ts').map(({ name }) => `${name} is ts, by that name`),
    ).to.deep.equal([]);
  });

  describe('type-check as files of their own', function () {
    this.timeout(120_000); // compiles what they import, all of src/
    const fileOf = ({ path, line }: Snippet & { path: string }): string => resolve(root, `${path}.${line}.ts`);
    let program: ts.Program;

    before(() => {
      // The empty export makes a module of each, so that two snippets may declare the same name.
      program = compile([], new Map(checked.map((snippet) => [fileOf(snippet), `${snippet.text}\nexport {};\n`])));
    });

    for (const snippet of checked) {
      it(snippet.name, () => {
        expect(problemsOf(program, fileOf(snippet), snippet)).to.deep.equal([]);
      });
    }
  });

  describe('run', function () {
    this.timeout(60_000);
    const directory = join(root, '.data', 'snippets');

    before(() => {
      mkdirSync(directory, { recursive: true });
    });

    after(() => {
      rmSync(directory, { recursive: true });
    });

    for (const { name, text, note } of checked.filter(({ note }) => note.startsWith('run'))) {
      const expected = Number(/exit=(\d+)/.exec(note)?.[1] ?? 0);
      it(`${name}, and end with exit code ${expected}`, async () => {
        const file = join(directory, `${name.replace(/\W+/g, '-')}.ts`);
        writeFileSync(file, text);
        await using program = new Program(file, { cwd: directory });
        expect(await program.ended, program.output()).to.deep.equal({ code: expected, signal: null });
      });
    }
  });
});

describe('the links in the docs', () => {
  for (const [path, page] of pages) {
    it(`lead somewhere in ${path}`, () => {
      const broken = linksOf(page).filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(path, link));
      expect(broken).to.deep.equal([]);
    });
  }
});

describe('the glossary', function () {
  this.timeout(120_000); // compiles src/

  /** Names that have a word of the last column for a reason. */
  const allowed: Readonly<Record<string, string>> = {
    StopResult: 'how stopping a worker went; an outcome is how a run ended',
  };

  it('is kept by the public names', () => {
    const rows = tableRowsOf(pages.get('docs/glossary.md') ?? { snippets: [], prose: [] });
    const notSaid = new Set(rows.flatMap(([, , words = '']) => words.split(/,\s*/)).filter(Boolean));
    expect(notSaid, 'the last column of docs/glossary.md').to.include('job').and.include('monitor');
    const offenders = publicNames().flatMap(({ name }) => {
      const said = name.split(/(?=[A-Z])/).find((part) => notSaid.has(part.toLowerCase()));
      return said === undefined || name in allowed ? [] : [`${name} says "${said.toLowerCase()}"`];
    });
    expect(offenders).to.deep.equal([]);
  });
});

/** What the compiler says about a snippet, with the lines of its page. */
function problemsOf(program: ts.Program, file: string, { line }: Snippet): string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
    const at = ts.getLineAndCharacterOfPosition(diagnostic.file ?? source!, diagnostic.start ?? 0).line;
    return `line ${line + at}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`;
  });
}

/** Whether a relative link of a page leads to a file, a folder, or a heading. */
function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = decodeURIComponent(link).split('#');
  const target = path === '' ? resolve(root, from) : resolve(root, dirname(from), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined) return true;
  return (
    statSync(target).isFile() &&
    target.endsWith('.md') &&
    anchorsOf(readPage(readFileSync(target, 'utf8'))).includes(anchor)
  );
}

describe('the reading of pages', () => {
  const page = readPage(
    [
      '# The `stop` ladder, in short',
      '[a](a.md#b) and `[no](link)`',
      '````ts run',
      '```',
      '[x](y)',
      '````',
      '## Twice',
      '## Twice',
    ].join('\n'),
  );

  it('takes blocks apart from prose', () => {
    expect(page.snippets).to.deep.equal([{ language: 'ts', note: 'run', text: '```\n[x](y)', line: 4 }]);
  });

  it('finds links, but not in code', () => {
    expect(linksOf(page)).to.deep.equal(['a.md#b']);
  });

  it('names headings as GitHub does', () => {
    expect(anchorsOf(page)).to.deep.equal(['the-stop-ladder-in-short', 'twice', 'twice-1']);
  });

  it('reads rows of tables without their heads', () => {
    expect(tableRowsOf(readPage('| a | b |\n| --- | --- |\n| c | d, e |'))).to.deep.equal([['c', 'd, e']]);
  });

  it('refuses a block that is never closed', () => {
    expect(() => readPage('```ts\nconst a = 1;')).to.throw('the block above line 2 is never closed');
  });
});
