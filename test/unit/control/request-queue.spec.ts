import { expect } from 'chai';
import { RequestQueue } from '../../../src/control/door/request-queue.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue of requests', () => {
  let ms: number;
  let queue: RequestQueue;
  let done: string[];

  beforeEach(() => {
    ms = 0;
    queue = new RequestQueue({ monotonic: () => ms });
    done = [];
  });

  const add = (...names: string[]) => {
    for (const name of names) queue.add(() => done.push(name));
  };

  it('works for one request in a turn of the event loop, in order', async () => {
    add('a', 'b', 'c');
    expect(done).to.deep.equal([]);
    await turn();
    expect(done).to.deep.equal(['a']);
    await turn();
    expect(done).to.deep.equal(['a', 'b']);
    await turn();
    expect(done).to.deep.equal(['a', 'b', 'c']);
  });

  it('takes connections in first, but not for longer than 10 ms', async () => {
    add('a', 'b');
    await turn();
    for (ms = 1; ms < 10; ms++) {
      queue.connected();
      await turn();
      expect(done).to.deep.equal(['a']);
    }
    queue.connected();
    await turn();
    expect(done).to.deep.equal(['a', 'b']);
  });

  it('goes on in the turn in which no connection has come in', async () => {
    add('a', 'b');
    await turn();
    queue.connected();
    await turn();
    expect(done).to.deep.equal(['a']);
    await turn();
    expect(done).to.deep.equal(['a', 'b']);
  });

  it('works for what comes while it works in a later turn', async () => {
    queue.add(() => {
      add('inner');
    });
    await turn();
    expect(done).to.deep.equal([]);
    await turn();
    expect(done).to.deep.equal(['inner']);
  });
});
