import { expect } from 'chai';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InboxRoutine } from '../src/inbox-routine';

describe('the inbox', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inbox-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('takes each file once, and no more in one go than it may', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await writeFile(join(folder, name), name);
    const routine = new InboxRoutine({ folder, batchSize: 2 });
    const { signal } = new AbortController();
    expect(await routine.takeNew(signal)).to.equal(2);
    expect(await routine.takeNew(signal)).to.equal(1);
    expect(await routine.takeNew(signal)).to.equal(0);
    expect(await readdir(join(folder, 'done'))).to.have.members(['a.txt', 'b.txt', 'c.txt']);
  });
});
