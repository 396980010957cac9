import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { Inbox } from '../../../samples/invoice-intake/inbox/inbox.js';
import { QuietFiles } from '../../../samples/invoice-intake/inbox/quiet-files.js';
import { FileUnreadable } from '../../../samples/invoice-intake/inbox/taken-file.js';
import { temporaryFolder } from './own-database.js';
import { rejectionOf } from './rejection-of.js';

const anySize = (): void => undefined;

describe('the inbox', () => {
  let folder: string;
  let inbox: Inbox;
  const put = (name: string, text = 'x') => writeFile(path.join(folder, name), text);
  const later = () => new Date(Date.now() + 60_000);

  beforeEach(async () => {
    folder = await temporaryFolder();
    inbox = new Inbox(folder, { quietMs: 1000 });
  });

  describe('looks', () => {
    it('for XML files in any case, in the order of their names', async () => {
      for (const name of ['b.xml', 'a.XML', 'ä &"\n.xml', '-rf.xml', 'c.Xml']) await put(name);
      expect((await inbox.look(later())).ready).to.deep.equal(['-rf.xml', 'a.XML', 'b.xml', 'c.Xml', 'ä &"\n.xml']);
    });

    it('at nothing else', async () => {
      for (const name of ['a.xml.part', 'b.tmp', 'README.md', '.c.xml', '.xml', 'xml']) await put(name);
      expect(await inbox.look(later())).to.deep.equal({ ready: [], growing: [], unusable: [] });
    });

    it('for no more files than it is asked for', async () => {
      for (const name of ['a.xml', 'b.xml', 'c.xml']) await put(name);
      expect((await inbox.look(later(), 2)).ready).to.deep.equal(['a.xml', 'b.xml']);
    });

    it('and says that a file that has just changed may still grow', async () => {
      await put('a.xml');
      expect(await inbox.look(new Date())).to.deep.equal({ ready: [], growing: ['a.xml'], unusable: [] });
    });

    it('and leaves alone what is no file that it can read', async () => {
      await mkdir(path.join(folder, 'folder.xml'));
      await put('real.txt');
      await symlink(path.join(folder, 'real.txt'), path.join(folder, 'link.xml'));
      await symlink('/nowhere', path.join(folder, 'dangling.xml'));
      execFileSync('mkfifo', [path.join(folder, 'pipe.xml')]);
      await put(`${'long'.repeat(50)}.xml`);
      const { ready, unusable } = await inbox.look(later());
      expect(ready).to.deep.equal([]);
      expect(unusable.map(({ file, reason }) => [file.slice(0, 12), reason])).to.deep.equal([
        ['dangling.xml', 'it is a symbolic link'],
        ['folder.xml', 'it is a folder'],
        ['link.xml', 'it is a symbolic link'],
        ['longlonglong', 'its name is longer than 200 bytes'],
        ['pipe.xml', 'it is not a regular file'],
      ]);
    });

    it('and mentions names that are not UTF-8', async function () {
      if (process.platform !== 'linux') this.skip();
      await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe4]), Buffer.from('.xml')]), 'x');
      expect((await inbox.look(later())).unusable).to.have.nested.property('0.reason', 'its name is not UTF-8');
    });
  });

  describe('takes a file', () => {
    it('out of reach of whoever writes another one of the same name', async () => {
      await put('a.xml', 'one');
      const taken = await inbox.take('a.xml');
      await put('a.xml', 'two');
      expect(String(await taken?.read(anySize))).to.equal('one');
      await taken?.accept();
      expect(await readFile(path.join(folder, 'a.xml'), 'utf8')).to.equal('two');
    });

    it('unless it is gone', async () => {
      expect(await inbox.take('a.xml')).to.equal(undefined);
      expect(await inbox.leftovers()).to.deep.equal([]);
    });

    it('and finds it again, under the same receipt, when it was not settled', async () => {
      await put('a.xml', 'one');
      const taken = await inbox.take('a.xml');
      const [again, ...more] = await new Inbox(folder, { quietMs: 0 }).leftovers();
      expect([again?.receipt, again?.file, more.length]).to.deep.equal([taken?.receipt, 'a.xml', 0]);
      expect(String(await again?.read(anySize))).to.equal('one');
    });

    it('and clears away what is left of one that was broken off before', async () => {
      await mkdir(path.join(folder, 'taken', 'receipt'), { recursive: true });
      expect(await inbox.leftovers()).to.deep.equal([]);
      expect(await readdir(path.join(folder, 'taken'))).to.deep.equal([]);
    });

    it('and asks for its size before it reads', async () => {
      await put('a.xml', 'x'.repeat(1000));
      const taken = await inbox.take('a.xml');
      const tooLarge = new Error('too large');
      const reading = taken!.read((size) => {
        expect(size).to.equal(1000);
        throw tooLarge;
      });
      expect(await rejectionOf(reading, Error)).to.equal(tooLarge);
    });

    it('and reads no link that was put in its place at the last moment', async () => {
      await put('secret.txt', 'secret');
      await symlink(path.join(folder, 'secret.txt'), path.join(folder, 'a.xml'));
      const taken = await inbox.take('a.xml');
      await rejectionOf(taken!.read(anySize), FileUnreadable);
    });

    it('and reads no folder that was put in its place, but can still reject it', async () => {
      await mkdir(path.join(folder, 'a.xml'));
      const taken = await inbox.take('a.xml');
      await rejectionOf(taken!.read(anySize), FileUnreadable);
      await taken!.reject({ rules: [], reason: 'no file' });
      expect(statSync(path.join(folder, 'rejected', 'a.xml')).isDirectory()).to.equal(true);
    });
  });

  describe('settles a file', () => {
    it('that is accepted in processed/', async () => {
      await put('a.xml');
      await (await inbox.take('a.xml'))?.accept();
      expect(await readdir(path.join(folder, 'processed'))).to.deep.equal(['a.xml']);
      expect(await readdir(path.join(folder, 'taken'))).to.deep.equal([]);
    });

    it('that is rejected in rejected/, with the reason beside it', async () => {
      await put('a.xml');
      await (await inbox.take('a.xml'))?.reject({ rules: ['BR-CO-15'], reason: 'a cent too many' });
      const reason = await readFile(path.join(folder, 'rejected', 'a.xml.reason.json'), 'utf8');
      expect(JSON.parse(reason)).to.deep.equal({ file: 'a.xml', rules: ['BR-CO-15'], reason: 'a cent too many' });
      expect(existsSync(path.join(folder, 'rejected', 'a.xml'))).to.equal(true);
    });

    it('and each reason lies beside its own file when names are the same', async () => {
      for (const reason of ['one', 'two']) {
        await put('a.xml', reason);
        await (await inbox.take('a.xml'))?.reject({ rules: [], reason });
      }
      const second = path.join(folder, 'rejected', 'a (2).xml');
      expect(await readFile(second, 'utf8')).to.equal('two');
      expect(JSON.parse(await readFile(`${second}.reason.json`, 'utf8'))).to.deep.include({ reason: 'two' });
    });
  });
});

describe('a quiet file', () => {
  const at = (ms: number) => new Date(1_000_000 + ms);
  const stamp = (ms: number, size = 1) => ({ size, mtimeMs: 1_000_000 + ms });

  it('has not changed for long enough', () => {
    const files = new QuietFiles(100);
    expect(files.isQuiet('a', stamp(0), at(99))).to.equal(false);
    expect(files.isQuiet('a', stamp(0), at(100))).to.equal(true);
  });

  it('is not one that changes each time one looks', () => {
    const files = new QuietFiles(100);
    for (const ms of [0, 90, 180, 270]) expect(files.isQuiet('a', stamp(ms, ms), at(ms + 50))).to.equal(false);
  });

  it('is known by its size too, when the time of its last change stands still', () => {
    const files = new QuietFiles(100);
    files.isQuiet('a', stamp(500, 1), at(0));
    expect(files.isQuiet('a', stamp(500, 2), at(100))).to.equal(false);
    expect(files.isQuiet('a', stamp(500, 2), at(200))).to.equal(true);
  });

  it('may come from a clock that is ahead', () => {
    const files = new QuietFiles(100);
    expect(files.isQuiet('a', stamp(9_000_000), at(0))).to.equal(false);
    expect(files.isQuiet('a', stamp(9_000_000), at(100))).to.equal(true);
  });

  it('is forgotten with its name', () => {
    const files = new QuietFiles(100);
    files.isQuiet('a', stamp(9_000_000), at(0));
    files.forgetAllBut(new Set());
    expect(files.isQuiet('a', stamp(9_000_000), at(100))).to.equal(false);
  });
});
