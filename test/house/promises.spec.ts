import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string): string => readFileSync(path, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('what the pages promise', () => {
  it('begins with two commands: one runs the application, one all tests', () => {
    const [, block = ''] = /```sh\n([^]*?)```/.exec(read('README.md')) ?? [];
    const commands = block.trim().split('\n');
    expect(commands.map((line) => line.replace(/ *#.*/, ''))).to.deep.equal([
      'npm ci && npm start',
      'npm ci && npm test',
    ]);
    expect(scripts['start']).to.match(/^ts-node samples\/invoice-intake\/main\.ts/);
    for (const step of ['typecheck', 'lint', 'format:check', 'build', 'test:all'])
      expect(scripts['test']).to.include(step);
  });

  it('is proved by .ci/run with the very command of the README', () => {
    expect(read('.ci/run')).to.match(/npm ci [^\n]*&& (limited \d+m )?npm test &&/);
  });

  it('is proved there also by what takes minutes, which the test command leaves out', () => {
    expect(read('.ci/run')).to.match(/npm test && (limited \d+m )?npm run test:slow;/);
    expect(scripts['test:slow']).to.include('test/slow/');
    expect(scripts['test:all']).to.include('test:unit').and.include('test:processes');
    expect(scripts['test:processes']).to.include('"{test,samples}/**/*.spec.ts" --ignore "test/{unit,slow}/**"');
  });

  for (const page of ['README.md', 'CONTRIBUTING.md', join('docs', 'benchmarks.md')].filter((path) =>
    existsSync(path),
  )) {
    it(`is kept by the scripts of package.json: ${page}`, () => {
      const named = [...read(page).matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g)].map(
        ([, script, short]) => script ?? short ?? '',
      );
      expect(named).not.to.be.empty;
      expect(named.filter((script) => scripts[script] === undefined)).to.deep.equal([]);
    });
  }

  it('begins in each decision with the code a user would write, under a number of its own', () => {
    const decisions = readdirSync(join('docs', 'decisions')).filter((file) => file !== 'README.md');
    const withoutCode = decisions.filter(
      (file) => !new RegExp(`^# ${file.slice(0, 4)} .+\n\n\`\`\``).test(read(join('docs', 'decisions', file))),
    );
    expect(withoutCode).to.deep.equal([]);
    const numbers = decisions.map((file) => file.slice(0, 4));
    expect(new Set(numbers).size, 'each number once').to.equal(numbers.length);
  });

  it('leaves no page out of the indexes', () => {
    const missing = (index: string, folder: string): string[] =>
      readdirSync(folder).filter(
        (file) => file.endsWith('.md') && file !== 'README.md' && !read(index).includes(`(${file}`),
      );
    expect(missing(join('docs', 'README.md'), 'docs')).to.deep.equal([]);
    expect(missing(join('docs', 'decisions', 'README.md'), join('docs', 'decisions'))).to.deep.equal([]);
  });
});
