import { expect } from 'chai';
import type { Newable } from 'inversify';
import {
  ApplicationModule,
  type Application,
  createApplication,
  cron,
  type ModuleBuilder,
  RoutineWorker,
  worker,
} from 'plba';
import { isLine } from '../../src/control/request/body-fields.js';
import { checkName } from '../../src/worker/names.js';
import { ask, type Question, type Reply } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import { withSharedCases } from '../support/shared-cases.js';

const headers = { ...bearer('sesame'), 'Content-Type': 'application/json' };
const byDefault = ['null', 'undefined', 'NaN', 'ordinary'];

describe('the naughty strings at the control plane of an application', function () {
  this.timeout(60_000);

  withSharedCases<{ b64: readonly string[] }>('naughty-strings.json', ({ b64 }) => {
    const texts = [...new Set(b64.map((encoded) => Buffer.from(encoded, 'base64').toString('utf8')))];
    const usable = [...new Set([...byDefault, ...texts])].filter(isUsable);
    const lines: string[] = [];
    let application: Application;
    let port: number;

    before(async () => {
      application = createApplication(moduleOf(usable), {
        env: {},
        config: { plba: { control: { port: 0, token: 'sesame', socket: false } } },
        logDestination: { write: (line) => lines.push(line) },
      });
      await application.start();
      port = application.controlAddress?.port ?? 0;
    });

    after(() => application.stop());

    let earlier: string[];
    beforeEach(async () => {
      earlier = await everything();
      lines.length = 0;
    });

    afterEach(async () => {
      expect(await everything(), 'the state').to.deep.equal(earlier);
      expect(
        lines.filter((line) => (JSON.parse(line) as { level: string }).level === 'error'),
        'failures',
      ).to.deep.equal([]);
      for (const line of lines) expect(line.indexOf('\n'), line).to.equal(line.length - 1);
    });

    it('are names of workers where a name may be so, and then those workers are found', async () => {
      expect(usable).to.include.members(byDefault);
      for (const name of usable) {
        const { status, json } = await ask(port, { path: `/workers/${encodeURIComponent(name)}`, headers });
        expect([status, json['name']]).to.deep.equal([200, name]);
      }
    });

    it('are no worker otherwise, to look at or to change', async () => {
      for (const name of texts.filter((text) => !usable.includes(text))) {
        const segment = encodeURIComponent(name);
        const code = segment === '' ? 'CONTROL_ROUTE_UNKNOWN' : 'WORKER_UNKNOWN';
        await refused(404, code, { path: `/workers/${segment}`, headers });
        await refused(404, code, { path: `/workers/${segment}/runs`, headers });
        await refused(404, code, { method: 'POST', path: `/workers/${segment}/restart`, headers, body: '{}' });
      }
    });

    it('are no health group, run, trace, or file of the console', async () => {
      for (const text of texts.filter((each) => each !== '')) {
        const segment = encodeURIComponent(text);
        await refused(404, 'HEALTH_GROUP_UNKNOWN', { path: `/health/${segment}`, headers });
        await refused(404, 'RUN_UNKNOWN', { path: `/workers/ordinary/runs/${segment}`, headers });
        await refused(404, 'TRACE_UNKNOWN', { path: `/traces/${segment}`, headers });
        await refused(404, 'CONTROL_ROUTE_UNKNOWN', { path: `/console/${segment}`, headers });
      }
    });

    it('are taken as the reason of a change exactly as they are, or refused where they are no line', async () => {
      for (const part of parts(texts)) {
        for (const reason of part) {
          const body = JSON.stringify({ reason });
          const question = { method: 'POST', path: '/workers/ordinary/resume', headers, body };
          if (isLine(reason)) expect((await ask(port, question)).status, body).to.equal(200);
          else await refused(400, 'CONTROL_BODY_INVALID', question);
        }
        expect(await lastReasons(part.length)).to.deep.equal(part.map(asLine));
      }
    });

    it('are taken as a reason in a header where a header may be so', async () => {
      const bytes = texts.map((text) => Buffer.from(text).toString('latin1'));
      for (const part of parts(bytes.filter((each) => /^[\t\x20-\x7e\x80-\xff]*$/.test(each)))) {
        for (const reason of part) {
          const question = { method: 'POST', path: '/workers/ordinary/resume' };
          const { status } = await ask(port, { ...question, headers: { ...headers, 'X-Reason': reason } });
          expect(status, reason).to.equal(200);
        }
        // HTTP takes blanks and tabs off the ends of a header.
        const sent = part.map((each) => Buffer.from(each.replace(/^[\t ]+|[\t ]+$/g, ''), 'latin1').toString('utf8'));
        expect(await lastReasons(part.length)).to.deep.equal(sent.map(asLine));
      }
    });

    it('are no level, and no time for one', async () => {
      for (const text of texts) {
        const question = { method: 'PUT', path: '/loggers/default', headers };
        const level = JSON.stringify({ level: text });
        const time = JSON.stringify({ level: 'info', for: text });
        const [ofLevel, ofTime] = isLine(text)
          ? ['LOG_LEVEL_INVALID', 'DURATION_INVALID']
          : ['CONTROL_BODY_INVALID', 'CONTROL_BODY_INVALID'];
        await refused(400, ofLevel, { ...question, body: level });
        await refused(400, ofTime, { ...question, body: time });
      }
    });

    it('are no logger', async () => {
      for (const text of texts.filter((each) => each !== '')) {
        const question = { method: 'PUT', path: `/loggers/${encodeURIComponent(text)}`, headers };
        await refused(404, 'LOGGER_UNKNOWN', { ...question, body: '{"level":"debug","for":"1m"}' });
      }
    });

    it('are no field of a body, and no parameter', async () => {
      for (const text of texts) {
        const question = { method: 'POST', path: '/workers/ordinary/stop', headers };
        await refused(400, 'CONTROL_BODY_INVALID', { ...question, body: JSON.stringify({ [text]: true }) });
        const query = new URLSearchParams({ outcome: text }).toString();
        await refused(400, 'CONTROL_QUERY_INVALID', { path: `/workers/ordinary/runs?${query}`, headers });
      }
    });

    async function refused(status: number, code: string, question: Question): Promise<Reply> {
      const reply = await ask(port, question);
      expect([reply.status, reply.json['code']], `${question.path} ${String(question.body)}`).to.deep.equal([
        status,
        code,
      ]);
      return reply;
    }

    /** The reasons of the last changes that were asked for, in their order. */
    async function lastReasons(count: number): Promise<unknown[]> {
      const entries = (await ask(port, { path: '/audit', headers })).json as unknown as { reason?: string }[];
      return entries
        .slice(0, count)
        .reverse()
        .map(({ reason }) => reason);
    }

    /** All that a request could change; not what grows by being looked at. */
    async function everything(): Promise<string[]> {
      const answers = await Promise.all(
        ['/workers', '/config', '/loggers'].map((path) => ask(port, { path, headers })),
      );
      return [...answers.slice(0, 2).map(({ text }) => text), JSON.stringify(answers[2]?.json['loggers'])];
    }
  });
});

/** So many at a time that the audit still has them all. */
function parts(texts: readonly string[]): readonly string[][] {
  const size = 200;
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, at) => texts.slice(at * size, (at + 1) * size));
}

function asLine(text: string): string | undefined {
  return isLine(text) ? text : undefined;
}

function isUsable(text: string): boolean {
  try {
    checkName('worker', text, 'a test');
    return true;
  } catch {
    return false;
  }
}

/** Workers of these names that have nothing to do before the next leap year. */
function moduleOf(names: readonly string[]): Newable<ApplicationModule> {
  const workers = names.map((name) => {
    class Named extends RoutineWorker {
      protected run(): Promise<void> {
        return Promise.resolve();
      }
    }
    worker({ name, trigger: cron('0 0 29 2 *', { timezone: 'UTC' }) })(Named);
    return Named;
  });
  return class NaughtyModule extends ApplicationModule {
    readonly name = 'naughty';
    override assemble(module: ModuleBuilder): void {
      for (const each of workers) module.worker(each);
    }
  };
}
