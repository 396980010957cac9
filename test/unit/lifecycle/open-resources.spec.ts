import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describeResource, openResources } from '../../../src/lifecycle/open-resources.js';

describe('the list of what keeps a process alive', () => {
  it('names servers, connections and timers, and harms nobody who cannot be looked at', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = connect(port, '127.0.0.1');
    const strange = connect(port, '127.0.0.1');
    await Promise.all([once(open, 'connect'), once(strange, 'connect')]);
    Object.defineProperty(strange, 'remoteAddress', {
      get: () => {
        throw new Error('nobody may know');
      },
    });
    const timer = setTimeout(() => undefined, 60_000);
    try {
      const listed = openResources(2, 'worker "sync"');
      expect(listed.every(({ owner }) => owner === 'worker "sync"')).to.equal(true);
      const words = listed.map(describeResource);
      expect(words).to.include.members([
        `server on 127.0.0.1:${port}`,
        `socket to 127.0.0.1:${port}`,
        'something that cannot be read',
        '2 times thread',
      ]);
      expect(words.some((each) => each.endsWith('timer'))).to.equal(true);
    } finally {
      clearTimeout(timer);
      open.destroy();
      strange.destroy();
      server.close();
    }
  });
});
