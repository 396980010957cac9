import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { inspect, type SourceFile } from './floor-plan.js';
import { doors, floors } from './floors.js';

const src = join(process.cwd(), 'src');

function sources(): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(src, path), 'utf8') }));
}

describe('the floor plan', () => {
  it('holds for every file in src/', () => {
    expect(inspect(sources(), { floors, doors })).to.deep.equal([]);
  });

  it('has a folder or a file for each of its rooms', () => {
    const rooms = new Set(sources().map(({ path }) => path.split('/')[0]));
    expect(floors.flat().filter((room) => !rooms.has(room))).to.deep.equal([]);
  });
});

describe('the inspection of the floor plan', () => {
  const plan = { floors: [['ground'], ['left', 'right'], ['roof', 'door']], doors: ['door'] };
  const cases: [what: string, files: Record<string, string>, finding: RegExp | undefined][] = [
    ['an import downwards', { 'left/a.ts': `import { b } from '../ground/b.js';`, 'ground/b.ts': '' }, undefined],
    ['an import within a room', { 'left/a.ts': `import { b } from './b.js';`, 'left/b.ts': '' }, undefined],
    ['an import upwards', { 'ground/b.ts': `import { a } from '../left/a.js';`, 'left/a.ts': '' }, /upwards/],
    ['a type import upwards', { 'ground/b.ts': `import type { A } from '../left/a.js';`, 'left/a.ts': '' }, /upwards/],
    ['a re-export upwards', { 'ground/b.ts': `export { a } from '../left/a.js';`, 'left/a.ts': '' }, /upwards/],
    ['a dynamic import upwards', { 'ground/b.ts': `void import('../left/a.js');`, 'left/a.ts': '' }, /upwards/],
    ['an import across', { 'left/a.ts': `import { b } from '../right/b.js';`, 'right/b.ts': '' }, /across/],
    [
      'a circle',
      { 'left/a.ts': `import './b.js';`, 'left/b.ts': `import './a.js';` },
      /left\/a\.ts -> left\/b\.ts -> left\/a\.ts/,
    ],
    ['a room without a floor', { 'cellar/a.ts': '' }, /"cellar" has no floor/],
    ['a folder barrel', { 'left/index.ts': '' }, /only src\/index\.ts and the doors/],
    ['the index of a door', { 'door/index.ts': '' }, undefined],
    ['a default export', { 'left/a.ts': 'export default 1;' }, /default export/],
    ['a default function', { 'left/a.ts': 'export default function a() {}' }, /default export/],
    ['an export of everything', { 'left/a.ts': `export * from './b.js';`, 'left/b.ts': '' }, /exports everything/],
  ];
  for (const [what, files, finding] of cases) {
    it(`${finding === undefined ? 'allows' : 'finds'} ${what}`, () => {
      const findings = inspect(
        Object.entries(files).map(([path, text]) => ({ path, text })),
        plan,
      );
      if (finding === undefined) expect(findings).to.deep.equal([]);
      else expect(findings.join('\n')).to.match(finding);
    });
  }
});
