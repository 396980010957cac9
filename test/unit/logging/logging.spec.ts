import { expect } from 'chai';
import type { Logger } from '../../../src/contracts/logger.js';
import { createLogging, type LoggingOptions } from '../../../src/logging/logging.js';

interface Line extends Record<string, unknown> {
  readonly err?: Record<string, unknown>;
}

async function recorded(
  options: Partial<LoggingOptions> = {},
): Promise<{ log: Logger; raw: string[]; lines: () => Line[] }> {
  const raw: string[] = [];
  const logging = await createLogging({
    application: 'invoices',
    destination: { write: (line) => raw.push(line) },
    now: () => Date.UTC(2026, 0, 5),
    ...options,
  });
  return { log: logging.logger('sync'), raw, lines: () => raw.map((line) => JSON.parse(line) as Line) };
}

describe('logging', () => {
  it('writes JSON lines with the level as a word, the time in ISO form and the name of the logger', async () => {
    const { log, raw } = await recorded();
    log.info({ posted: 3 }, 'done');
    expect(raw).to.deep.equal([
      '{"level":"info","time":"2026-01-05T00:00:00.000Z","application":"invoices","name":"sync","posted":3,"msg":"done"}\n',
    ]);
  });

  it('gives the same logger for the same name', async () => {
    const logging = await createLogging({ application: 'a', destination: { write: () => undefined } });
    expect(logging.logger('x')).to.equal(logging.logger('x'));
  });

  it('takes the level from the name of the logger, and children follow it', async () => {
    const { log, lines } = await recorded({ level: 'warn', levels: { sync: 'debug' } });
    log.debug('debug');
    log.child({ a: 1 }).debug('child');
    log.trace('trace');
    expect(lines().map(({ msg }) => msg)).to.deep.equal(['debug', 'child']);
    expect(log.isLevelEnabled('debug')).to.equal(true);
    expect(log.isLevelEnabled('trace')).to.equal(false);
  });

  it('writes nothing at level silent', async () => {
    const { log, raw } = await recorded({ levels: { default: 'silent' } });
    log.fatal('x');
    expect(raw).to.deep.equal([]);
  });

  it('puts the fields of a child on each of its lines', async () => {
    const { log, lines } = await recorded();
    log.child({ worker: 'sync', runId: '1' }).child({ file: 'a.xml' }).info('read');
    expect(lines()[0]).to.include({ worker: 'sync', runId: '1', file: 'a.xml', msg: 'read' });
  });

  it('writes an error with its stack, its code and its causes', async () => {
    const { log, lines } = await recorded();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    log.error({ err: Object.assign(new TypeError('no ledger', { cause }), { code: 'E_LEDGER' }) }, 'failed');
    const { err } = lines()[0]!;
    expect(err).to.include({ type: 'TypeError', message: 'no ledger', code: 'E_LEDGER' });
    expect(err?.['stack']).to.contain('logging.spec');
    expect(err?.['cause']).to.include({ message: 'refused', code: 'ECONNREFUSED' });
  });

  it('takes an error instead of fields', async () => {
    const { log, lines } = await recorded();
    log.error(new Error('lost'));
    expect(lines()[0]).to.include({ msg: 'lost' });
    expect(lines()[0]!.err).to.include({ type: 'Error', message: 'lost' });
  });

  it('renames fields that would pass for its own', async () => {
    const { log, lines, raw } = await recorded();
    log.info({ level: 'fatal', time: 'then', name: 'other', application: 'b' }, 'x');
    log.child({ name: 'other' }).info('y');
    expect(lines()[0]).to.include({ level: 'info', name: 'sync', field_level: 'fatal', field_name: 'other' });
    expect(lines()[1]).to.include({ name: 'sync', field_name: 'other' });
    for (const line of raw) expect(line.match(/"name":/g)).to.have.length(1);
  });

  describe('whatever is logged', () => {
    const trap = (): never => {
      throw new Error('trap');
    };
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    let deep: object = {};
    for (let level = 0; level < 20_000; level++) deep = { deep };
    const cyclicCause = new Error('a');
    cyclicCause.cause = new Error('b', { cause: cyclicCause });
    const getter = Object.defineProperty({ ok: 1 }, 'broken', { get: trap, enumerable: true });

    const hostile: [what: string, fields: object][] = [
      ['a cycle', cyclic],
      ['a cycle in a field', { cyclic }],
      ['great depth', { deep }],
      ['great length', { text: 'x'.repeat(5_000_000), list: Array.from({ length: 100_000 }, (_, i) => i) }],
      ['a BigInt', { big: 1n, nested: { big: 2n } }],
      ['a getter that throws', getter],
      ['a getter that throws in a field', { getter }],
      ['a toJSON that throws', { toJSON: trap }],
      ['a toJSON that throws in a field', { field: { toJSON: trap } }],
      ['a proxy that throws', new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap, has: trap })],
      ['a proxy that throws in a field', { p: new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }) }],
      ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
      ['an own hasOwnProperty', { hasOwnProperty: 1, a: 2 }],
      ['a symbol, a function and undefined', { s: Symbol('s'), f: () => 1, u: undefined, [Symbol('k')]: 1 }],
      ['a date that is none', { when: new Date(NaN) }],
      ['an error', new Error('plain')],
      ['a frozen error', { err: Object.freeze(new Error('frozen')) }],
      ['an error with cyclic causes', { err: cyclicCause }],
      [
        'an error whose members throw',
        {
          err: untrustworthyError(trap),
        },
      ],
      ['an err that throws', Object.defineProperty({}, 'err', { get: trap, enumerable: true })],
      ['an err that is no error', { err: 'text' }],
      ['a list', [1, 2]],
      ['lone surrogates', { text: '\ud800', ['key\ud800']: 1 }],
    ];
    for (const [what, fields] of hostile) {
      it(`writes one valid line for ${what}`, async () => {
        const { log, raw, lines } = await recorded();
        log.info(fields, 'message');
        log.info(fields);
        log.child(fields).info('message');
        expect(raw).to.have.length(3);
        for (const line of raw)
          expect(line)
            .to.match(/^[^\n\r]*\n$/)
            .with.length.below(400_000);
        expect(lines().map(({ level, name }) => [level, name])).to.deep.equal(Array(3).fill(['info', 'sync']));
        expect(lines()[0]!['msg']).to.equal('message');
      });
    }

    it('spreads no message over lines and paints no terminal', async () => {
      const { log, raw, lines } = await recorded();
      const text = 'a\nb\r\nc \u001b[31mred\u001b[0m \u009b31m \u2028 \u2029 \u202e \u2066 \u200f \u0085 \u007f \ufeff';
      log.info({ [text]: text }, text);
      expect(raw[0]).to.match(/^[\u0020-\u007e]+\n$/);
      expect(lines()[0]).to.include({ msg: text, [text]: text });
    });

    it('loses the line and not the application when the destination throws', async () => {
      const { log } = await recorded({ destination: { write: trap } });
      log.info('x');
    });
  });

  describe('secrets', () => {
    const scrub = (text: string): string => text.replaceAll('s3cr3t-value', '******').replaceAll('987654321', '******');

    it('never leave in a message, a field, a key, an error or a URL', async () => {
      const { log, raw } = await recorded({ scrub });
      const err = Object.assign(new Error('bad s3cr3t-value', { cause: new Error('s3cr3t-value') }), {
        detail: 's3cr3t-value',
      });
      log.error(
        { err, 's3cr3t-value': 1, nested: { deep: ['s3cr3t-value'] }, url: new URL('http://u:s3cr3t-value@h/') },
        's3cr3t-value',
      );
      log.child({ token: 's3cr3t-value' }).info('child');
      expect(raw.join('')).not.to.contain('s3cr3t');
      expect(raw).to.have.length(2);
      for (const line of raw) JSON.parse(line);
    });

    it('leave a line valid where they stand as a number', async () => {
      const { log, lines } = await recorded({ scrub });
      log.info({ pin: 987654321, other: 1 }, 'x');
      expect(lines()[0]).to.include({ pin: '******', other: 1 });
    });

    it('keep the whole line back when scrubbing fails', async () => {
      const { log, raw } = await recorded({
        scrub: () => {
          throw new Error('vault is broken');
        },
      });
      log.info('s3cr3t-value');
      expect(raw).to.deep.equal(['{"level":"error","msg":"a line was withheld because it could not be scrubbed"}\n']);
    });
  });

  describe('pretty', () => {
    it('writes a line for people', async () => {
      const { log, raw } = await recorded({ pretty: true });
      log
        .child({ worker: 'sync', runId: '7', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) })
        .warn({ posted: 3 }, 'slow');
      expect(raw).to.have.length(1);
      expect(raw[0]).to.match(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN \(sync\): slow \{"runId":"7","posted":3\}\n$/);
    });

    it('shows the worker where the logger is not its own', async () => {
      const { log, raw } = await recorded({ pretty: true });
      log.info({ worker: 'other' }, 'x');
      expect(raw[0]).to.contain('"worker":"other"');
    });

    it('shows no field that is a text the message says already', async () => {
      const { log, raw } = await recorded({ pretty: true });
      const reason = 'the ledger refused';
      log.warn(
        { worker: 'mail', was: 'ok', runId: '1', reason, tried: 3 },
        `worker "mail" is bad, was ok: ${reason}, at 10`,
      );
      expect(raw[0]).to.match(/: worker "mail" is bad, was ok: the ledger refused, at 10 \{"runId":"1","tried":3\}\n$/);
    });

    it('keeps a message on one line and paints nothing', async () => {
      const { log, raw } = await recorded({ pretty: true });
      log.info({ 'key\n': '\u001b[2J' }, 'a\nINFO forged\r\n\u001b[31mred \u2028 \u202e');
      expect(raw.join(''))
        .to.match(/^[\u0020-\u007e]+\n$/)
        .and.to.contain('a\\nINFO forged\\r\\n\\u001b[31mred');
    });

    it('puts the stack of an error and its causes below the line, indented, so that none of it passes for a line', async () => {
      const { log, raw } = await recorded({ pretty: true });
      const cause = Object.assign(new TypeError('inner'), { code: 'E_INNER' });
      log.error({ err: new Error('outer\n[12:00:00.000] INFO (sync): forged', { cause }) }, 'failed');
      const [first, ...below] = raw.join('').trimEnd().split('\n');
      expect(first).to.match(/ERROR \(sync\): failed$/);
      expect(below[0]).to.contain('Error: outer\\n[12:00:00.000] INFO (sync): forged');
      expect(below.some((line) => line.includes('caused by TypeError: inner (E_INNER)'))).to.equal(true);
      for (const line of below) expect(line).to.match(/^ {4}/);
    });

    it('scrubs as well', async () => {
      const { log, raw } = await recorded({ pretty: true, scrub: (text) => text.replaceAll('s3cr3t', '******') });
      log.error(new Error('s3cr3t'));
      expect(raw.join('')).to.contain('******').and.not.to.contain('s3cr3t');
    });

    it('writes the line as it is when it cannot be made pretty', async () => {
      const { log, raw } = await recorded({ pretty: true, scrub: () => 'no JSON\n' });
      log.info('x');
      expect(raw).to.have.length(1);
    });
  });

  it('flushes its destination', async () => {
    let flushed = 0;
    const destination = {
      write: () => undefined,
      flush: () => {
        flushed++;
      },
    };
    for (const pretty of [false, true]) await (await createLogging({ application: 'a', destination, pretty })).flush();
    expect(flushed).to.equal(2);
  });
});

function untrustworthyError(trap: () => never): Error {
  const error = new Error('x');
  // A stack is made from the message when it is first read, so it has to go first.
  Object.defineProperty(error, 'stack', { get: trap });
  Object.defineProperty(error, 'message', { get: trap });
  return Object.defineProperty(error, 'cause', { get: trap });
}
