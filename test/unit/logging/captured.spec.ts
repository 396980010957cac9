import { expect } from 'chai';
import { pino } from 'pino';
import { createApplication } from 'plba';
import { captureConsole } from '../../../src/logging/capture-console.js';
import { createLogging } from '../../../src/logging/logging.js';
import { moduleOf } from '../../support/modules.js';

interface Line extends Record<string, unknown> {
  readonly err?: Record<string, unknown>;
}

async function stage() {
  const lines: Line[] = [];
  const logging = await createLogging({
    application: 'invoices',
    destination: { write: (line) => lines.push(JSON.parse(line) as Line) },
    levels: { bank: 'debug' },
    scrub: (text) => text.replaceAll('s3cr3t', '******'),
  });
  return { logging, lines };
}

describe('another pino', () => {
  it('writes lines of the logger that it is given, with its level, message, fields and errors, scrubbed', async () => {
    const { logging, lines } = await stage();
    const library = pino({ level: 'trace' }, logging.stream('bank'));
    library.child({ part: 'iban' }).warn({ key: 's3cr3t', name: 'mine' }, 'careful');
    library.error(new TypeError('no account'));
    library.trace('below the level of the logger');
    expect(lines).to.have.length(2);
    expect(lines[0]).to.include({ level: 'warn', name: 'bank', part: 'iban', key: '******', msg: 'careful' });
    expect(lines[0]).to.include({ field_name: 'mine', application: 'invoices' });
    expect(lines[0]).not.to.have.any.keys('pid', 'hostname', 'field_time');
    expect(lines[1]).to.include({ level: 'error', msg: 'no account' });
    expect(lines[1]!.err).to.include({ message: 'no account' });
  });

  for (const text of [
    'plain words',
    '"text"',
    '[1]',
    'null',
    '{"level":35,"msg":"odd"}',
    '{"level":"loud","msg":7}',
    '{',
  ])
    it(`may write ${text}`, async () => {
      const { logging, lines } = await stage();
      logging.stream('bank').write(`${text}\n`);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include({ level: 'info', name: 'bank' });
    });
});

describe('the console', () => {
  it('becomes lines of a logger as long as it is captured, at the level of each method', async () => {
    const { logging, lines } = await stage();
    const before = { ...console };
    const release = captureConsole(logging.logger('console'));
    try {
      console.log('%s of %d', 'one', 2, { a: 1 });
      console.warn('a\nb');
      console.error(new Error('lost'));
      console.debug('below the level');
      logging.levels.configure({ level: 'debug', levels: {} });
      logging.applyLevels();
      console.debug('not below it any more');
      console.info({
        get bad() {
          throw new Error('trap');
        },
      });
    } finally {
      release();
    }
    expect({ ...console }).to.deep.equal(before);
    expect(lines.map(({ level, name, msg }) => [level, name, msg])).to.deep.equal([
      ['info', 'console', 'one of 2 { a: 1 }'],
      ['warn', 'console', 'a\nb'],
      ['error', 'console', 'lost'],
      ['debug', 'console', 'not below it any more'],
      ['info', 'console', '{ bad: [Getter] }'],
    ]);
  });

  it('is left to who has replaced it since', async () => {
    const { logging } = await stage();

    const { log } = console;
    const release = captureConsole(logging.logger('console'));
    const other = (): void => undefined;
    console.log = other;
    release();
    expect(console.log).to.equal(other);
    console.log = log;
  });

  it('is captured by an application that is configured so, from its start to its end, and by no other', async () => {
    for (const captureConsole of [true, false]) {
      const lines: string[] = [];
      const { info } = console;
      const silent = (): void => undefined;
      console.info = silent;
      try {
        const application = createApplication(
          moduleOf('talkative', () => undefined),
          {
            env: {},
            config: { plba: { control: { enabled: false }, logging: { captureConsole } } },
            logDestination: { write: (line) => lines.push(line) },
          },
        );
        await application.start();
        console.info('a library speaks');
        await application.stop();
        expect(console.info).to.equal(silent);
      } finally {
        console.info = info;
      }
      const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const heard = written.filter(({ name, msg }) => name === 'console' && msg === 'a library speaks');
      expect(heard, `captureConsole: ${captureConsole}`).to.have.length(captureConsole ? 1 : 0);
    }
  });
});
