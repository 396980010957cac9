import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { moveInto } from '../../../samples/invoice-intake/files/move-into.js';
import { writeAtomically } from '../../../samples/invoice-intake/files/write-atomically.js';
import { temporaryFolder } from './own-database.js';
import { rejectionOf } from './rejection-of.js';

describe('moving a file into a folder', () => {
  let folder: string;
  let source: string;

  beforeEach(async () => {
    const parent = await temporaryFolder();
    folder = path.join(parent, 'there');
    await mkdir(folder);
    source = path.join(parent, 'a.xml');
    await writeFile(source, 'new');
  });

  it('keeps its name', async () => {
    await moveInto(folder, source);
    expect(await readFile(path.join(folder, 'a.xml'), 'utf8')).to.equal('new');
    expect(existsSync(source)).to.equal(false);
  });

  it('replaces nothing, but counts', async () => {
    await writeFile(path.join(folder, 'a.xml'), 'old');
    await writeFile(path.join(folder, 'a (2).xml'), 'older');
    await moveInto(folder, source);
    expect(await readFile(path.join(folder, 'a.xml'), 'utf8')).to.equal('old');
    expect(await readFile(path.join(folder, 'a (2).xml'), 'utf8')).to.equal('older');
    expect(await readFile(path.join(folder, 'a (3).xml'), 'utf8')).to.equal('new');
  });

  it('goes on with a move that was broken off half way', async () => {
    await link(source, path.join(folder, 'a.xml'));
    await moveInto(folder, source);
    expect(await readdir(folder)).to.deep.equal(['a.xml']);
    expect(existsSync(source)).to.equal(false);
  });

  it('tells the new name before the old one is gone', async () => {
    await moveInto(folder, source, (name) => {
      expect([name, existsSync(source)]).to.deep.equal(['a.xml', true]);
      return Promise.resolve();
    });
  });

  it('leaves the old name in place when that fails', async () => {
    await rejectionOf(
      moveInto(folder, source, () => Promise.reject(new Error('no'))),
      Error,
    );
    expect(existsSync(source)).to.equal(true);
  });

  it('moves what cannot have two names, too', async () => {
    const thing = path.join(path.dirname(source), 'b.xml');
    await mkdir(thing);
    await mkdir(path.join(folder, 'b.xml'));
    await moveInto(folder, thing);
    expect((await readdir(folder)).sort()).to.deep.equal(['b (2).xml', 'b.xml']);
  });
});

describe('writing a file atomically', () => {
  it('replaces the old text and leaves nothing else', async () => {
    const file = path.join(await temporaryFolder(), 'report.json');
    await writeAtomically(file, 'one');
    await writeAtomically(file, 'two');
    expect(await readFile(file, 'utf8')).to.equal('two');
    expect(await readdir(path.dirname(file))).to.deep.equal(['report.json']);
  });

  it('keeps the old text when it fails', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'report.json');
    await mkdir(file); // no file can take its place
    await rejectionOf(writeAtomically(file, 'two'), Error);
    expect(await readdir(folder)).to.deep.equal(['report.json']);
  });
});
