import { expect } from 'chai';
import { rawAnswer } from '../../../src/control/answer.js';
import { HealthAnswers, wholeGroup } from '../../../src/control/health/health-answers.js';
import { jsonWriter } from '../../../src/control/json-text.js';
import { isFailure, problemAnswer } from '../../../src/control/problem.js';
import { Refusal } from '../../../src/control/refusal.js';
import { PlbaError } from '../../../src/errors.js';
import { FakeOperatorView } from '../../fakes/fake-operator-view.js';

const toJson = jsonWriter(undefined);
const parse = (body: string | Buffer): Record<string, unknown> =>
  JSON.parse(body.toString()) as Record<string, unknown>;

describe('HealthAnswers', () => {
  it('composes an answer once for each change, however often it is asked for', () => {
    const view = new FakeOperatorView();
    const answers = new HealthAnswers(view, toJson);
    const first = answers.answer(wholeGroup, true);
    expect(answers.answer(wholeGroup, true)).to.equal(first);
    expect(view.healthReads).to.equal(1);
    view.changeHealth('unhealthy');
    expect(answers.answer(wholeGroup, true)?.status).to.equal(503);
    expect(answers.answer(wholeGroup, true)?.status).to.equal(503);
    expect(view.healthReads).to.equal(2);
  });

  it('keeps groups and levels of detail apart', () => {
    const answers = new HealthAnswers(new FakeOperatorView(), toJson);
    const bodies = [wholeGroup, 'live'].flatMap((group) =>
      [true, false].map((isDetailed) => answers.answer(group, isDetailed)?.body.toString()),
    );
    expect(new Set(bodies).size).to.equal(4);
  });

  it('answers 200 for ok and degraded, 503 for unhealthy', () => {
    const view = new FakeOperatorView();
    const answers = new HealthAnswers(view, toJson);
    const statuses = (['ok', 'degraded', 'unhealthy'] as const).map((status) => {
      view.changeHealth(status);
      return answers.answer(wholeGroup, false)?.status;
    });
    expect(statuses).to.deep.equal([200, 200, 503]);
  });

  it('has no answer for a group that does not exist, and keeps none', () => {
    const answers = new HealthAnswers(new FakeOperatorView(), toJson);
    for (const group of ['nope', '__proto__', 'constructor', 'Live', 'live/'])
      expect(answers.answer(group, true), group).to.equal(undefined);
  });

  it('shows strangers the words only', () => {
    const view = new FakeOperatorView();
    view.changeHealth('degraded');
    const body = parse(new HealthAnswers(view, toJson).answer(wholeGroup, false)?.body ?? '');
    expect(body).to.deep.equal({
      status: 'degraded',
      since: '2026-01-05T08:00:00.000Z',
      workers: { 'invoice-sync': { status: 'degraded' } },
      contributors: { ledger: { status: 'degraded' } },
    });
  });

  it('survives details that cannot be written as JSON', () => {
    const view = new FakeOperatorView();
    const circle: Record<string, unknown> = { big: 10n, when: new Date(0) };
    circle['self'] = circle;
    Object.defineProperty(circle, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    view.details = circle;
    const body = new HealthAnswers(view, toJson).answer(wholeGroup, true)?.body.toString();
    expect(body).to.contain('"big":"10"').and.contain('1970-01-01');
  });

  it('listens no longer once it is closed', () => {
    const view = new FakeOperatorView();
    const answers = new HealthAnswers(view, toJson);
    expect(view.listeners).to.equal(1);
    answers.close();
    expect(view.listeners).to.equal(0);
  });
});

describe('problemAnswer', () => {
  it('says what the catalogue, the message and the hint say', () => {
    const answer = problemAnswer(new Refusal('WORKER_UNKNOWN', 'there is no worker "x"', { hint: 'look' }), toJson);
    expect(answer.status).to.equal(404);
    expect(answer.headers['Content-Type']).to.equal('application/problem+json');
    expect(parse(answer.body)).to.deep.equal({
      type: 'urn:plba:error:WORKER_UNKNOWN',
      title: 'no worker has the name that was given',
      status: 404,
      detail: 'there is no worker "x"',
      code: 'WORKER_UNKNOWN',
      hint: 'look',
    });
  });

  it('takes status, headers and facts of a refusal over', () => {
    const refusal = new Refusal('WORKER_CONFLICT', 'no', {
      status: 418,
      headers: { Allow: 'GET' },
      facts: { state: 'paused' },
    });
    const answer = problemAnswer(refusal, toJson);
    expect(answer.status).to.equal(418);
    expect(answer.headers).to.include({ Allow: 'GET' });
    expect(parse(answer.body)).to.include({ state: 'paused', status: 418 });
  });

  it('says nothing of what a foreign error says', () => {
    for (const thrown of [new Error('password is hunter2'), 'hunter2', null, { message: 'hunter2' }]) {
      const answer = problemAnswer(thrown, toJson);
      expect(answer.status).to.equal(500);
      expect(parse(answer.body)['code']).to.equal('CONTROL_FAILED');
      expect(answer.body.toString()).not.to.contain('hunter2').and.not.contain('    at ');
    }
  });

  it('answers 500 for a code that is no answer to a request, and takes it for a failure', () => {
    const error = new PlbaError('WORKER_START_FAILED', 'worker "x" did not start');
    expect(problemAnswer(error, toJson).status).to.equal(500);
    expect(isFailure(error)).to.be.true;
    expect(isFailure(new Error('x'))).to.be.true;
    expect(isFailure(new PlbaError('WORKER_CONFLICT', 'x'))).to.be.false;
  });
});

describe('jsonWriter', () => {
  const scrub = (text: string): string => text.replaceAll('hunter2', '******').replaceAll('4711', '******');

  it('takes secrets out wherever they stand', () => {
    const text = jsonWriter(scrub)({ url: 'https://a:hunter2@b', list: ['hunter2'], hunter2: 1 });
    expect(text).to.equal('{"url":"https://a:******@b","list":["******"],"******":1}');
  });

  it('stays JSON when a secret is part of a number', () => {
    expect(jsonWriter(scrub)({ items: 14711, text: 'hunter2' })).to.equal('{"items":"1******","text":"******"}');
  });
});

describe('rawAnswer', () => {
  it('is a whole answer that ends the connection', () => {
    const text = rawAnswer({ status: 400, headers: { A: 'b' }, body: '{"ü":1}' }, 'Bad Request');
    expect(text).to.equal('HTTP/1.1 400 Bad Request\r\nA: b\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{"ü":1}');
  });
});
