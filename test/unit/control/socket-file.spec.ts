import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { listenAt, socketCandidates } from '../../../src/control/door/socket-file.js';

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
