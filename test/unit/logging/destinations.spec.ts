import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { createLogging } from '../../../src/logging/logging.js';

describe('a destination of the application', () => {
  it('may be one of pino, whose flush says by a callback when it is done', async () => {
    let isFlushed = false;
    const destination = {
      write: () => true,
      flush: (done?: (error?: Error | null) => void) => {
        setImmediate(() => {
          isFlushed = true;
          done?.();
        });
      },
    };
    await (await createLogging({ application: 'a', destination })).flush();
    expect(isFlushed).to.equal(true);
  });

  it('may fail at everything: lines are counted, and nothing else happens', async () => {
    class Broken extends EventEmitter {
      isBroken = false;
      write(): void {
        if (this.isBroken) throw new Error('thread is gone');
      }
      flush(): Promise<void> {
        return Promise.reject(new Error('thread is gone'));
      }
    }
    const destination = new Broken();
    const logging = await createLogging({ application: 'a', destination });
    logging.logger('x').info('one');
    destination.isBroken = true;
    destination.emit('error', new Error('thread is gone'));
    logging.logger('x').info('two');
    await logging.flush();
    expect(logging.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 1 });
  });
});
