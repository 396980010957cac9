import { expect } from 'chai';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { answers, listenAt, socketCandidates } from '../../../src/control/door/socket-file.js';

describe('the socket of an application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plba-socket-'));
  const servers: Server[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function aServer(): Server {
    const server = createServer();
    servers.push(server);
    return server;
  }

  it('is another one for each of several that come up in the same instant', async () => {
    const paths = socketCandidates(folder, 'mail');
    const taken = await Promise.all([1, 2, 3, 4].map(() => listenAt(aServer(), paths)));
    expect(new Set(taken)).to.have.property('size', 4);
    expect(taken.map((path) => basename(path))).to.include('mail.sock');
  });

  it('is for its user alone from the moment that it is there, and other files are as before', async function () {
    if (process.platform === 'win32') this.skip();
    const server = aServer();
    const listen = server.listen.bind(server) as (options: { path: string }) => Server;
    let modeAtFirst = 0;
    server.listen = (({ path }: { path: string }) => {
      listen({ path });
      modeAtFirst = statSync(path).mode & 0o777;
      return server;
    }) as unknown as Server['listen'];
    const before = process.umask(0);
    try {
      const path = await listenAt(server, [join(folder, 'private.sock')]);
      expect(modeAtFirst).to.equal(0o600);
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      expect(process.umask(0)).to.equal(0);
    } finally {
      process.umask(before);
    }
  });

  /** Leaves behind what a process leaves that was killed. */
  async function deadSocket(path: string): Promise<void> {
    const dead = createServer().listen({ path });
    await once(dead, 'listening');
    renameSync(path, `${path}.kept`);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(`${path}.kept`, path);
  }

  it('is given back to a start that has put its own where a dead process left a file, in the same instant', async () => {
    const [path = ''] = socketCandidates(folder, 'post');
    await deadSocket(path);
    const files = process.getBuiltinModule('node:fs/promises');
    const { rename } = files;
    const [first, second] = [aServer(), aServer()];
    // Between the look at the file and taking it away. The number of the file is used again at once.
    files.rename = async (from, to) => {
      files.rename = rename;
      unlinkSync(path);
      first.listen({ path });
      await once(first, 'listening');
      await rename(from, to);
    };
    expect(await listenAt(second, [path, `${path}.2`])).to.equal(`${path}.2`);
    expect(await answers(path)).to.equal(true);
  });

  it('is the next one for who comes a moment too late, also when the first has left again', async () => {
    const paths = socketCandidates(folder, 'mail');
    const [first, second] = [aServer(), aServer()];
    const listen = second.listen.bind(second) as (options: object) => Server;
    Object.assign(second, {
      listen: (options: object) => {
        Object.assign(second, { listen });
        first.listen({ path: paths[0] });
        return listen(options);
      },
    });
    second.once('error', () => first.close());
    expect(await listenAt(second, paths)).to.equal(paths[1]);
    expect(second.listening).to.equal(true);
    expect(existsSync(paths[1] ?? '')).to.equal(true);
  });

  it('is refused where there is only one path and two come for it', async () => {
    const path = join(folder, 'only.sock');
    const ends = await Promise.allSettled([listenAt(aServer(), [path]), listenAt(aServer(), [path])]);
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include('another process listens there');
  });
});
