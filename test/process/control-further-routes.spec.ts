import { expect } from 'chai';
import type { Route } from '../../src/control/route.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

const routes: Route[] = [
  {
    method: 'GET',
    path: '/figures',
    authority: 'read',
    summary: 'a text with headers of its own',
    query: { unit: 'of the figures' },
    answers: { 200: { 'text/plain': { type: 'string' } } },
    refusals: [],
    handle: ({ query }) => ({
      status: 200,
      body: `size 3 ${query['unit'] ?? ''} hunter2\n`,
      type: 'text/plain; charset=utf-8',
      headers: { Location: '/elsewhere' },
    }),
  },
  {
    method: 'PUT',
    path: '/figures/<name>',
    authority: 'operate',
    summary: 'takes a body',
    body: { for: 'duration' },
    answers: { 200: { 'application/json': { type: 'object' } } },
    refusals: [],
    handle: ({ body, parameters }) => ({ status: 200, body: { ...parameters, ...body } }),
  },
  {
    method: 'POST',
    path: '/anything',
    authority: 'operate',
    summary: 'takes any JSON object',
    body: 'object',
    answers: { 200: { 'application/json': { type: 'object' } } },
    refusals: [],
    handle: ({ body }) => ({ status: 200, body }),
  },
  {
    method: 'GET',
    path: '/stream',
    authority: 'read',
    summary: 'goes on',
    answers: { 200: { 'text/event-stream': { type: 'string' } } },
    refusals: [],
    handle: () => ({
      open: (response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('one ');
        setImmediate(() => response.end('two'));
      },
    }),
  },
];

describe('routes of further parts', () => {
  let stage: ControlStage;
  const headers = bearer('sesame');
  const json = { ...headers, 'Content-Type': 'application/json' };

  before(async () => {
    const scrub = (text: string): string => text.replaceAll('hunter2', '******');
    stage = await startControl({ token: 'sesame', routes, scrub });
  });

  after(() => stage.plane.stop());

  it('answer texts of their own type, without secrets, with headers of their own', async () => {
    const reply = await ask(stage.port, { path: '/figures?unit=mm', headers });
    expect(reply.text).to.equal('size 3 mm ******\n');
    expect(reply.headers).to.include({
      'content-type': 'text/plain; charset=utf-8',
      location: '/elsewhere',
      'cache-control': 'no-store',
    });
  });

  it('refuse a parameter that they do not take', async () => {
    const { status, json: problem } = await ask(stage.port, { path: '/figures?unti=mm', headers });
    expect([status, problem['code']]).to.deep.equal([400, 'CONTROL_QUERY_INVALID']);
  });

  it('take PUT and durations', async () => {
    const put = (body: string) => ask(stage.port, { method: 'PUT', path: '/figures/a', headers: json, body });
    expect((await put('{"for":"10m"}')).json).to.deep.equal({ name: 'a', for: '10m' });
    expect((await put('{"for":500}')).json).to.deep.equal({ name: 'a', for: 500 });
    for (const wrong of ['"10 m"', 'true', '-1', '[]', 'null', '"1d"'])
      expect((await put(`{"for":${wrong}}`)).status, wrong).to.equal(400);
    expect((await ask(stage.port, { method: 'PUT', path: '/figures/a' })).status).to.equal(401);
  });

  it('take any JSON object where they say so', async () => {
    const body = '{"a":[1,{"b":null}]}';
    expect((await ask(stage.port, { method: 'POST', path: '/anything', headers: json, body })).text).to.equal(body);
    const list = await ask(stage.port, { method: 'POST', path: '/anything', headers: json, body: '[]' });
    expect(list.status).to.equal(400);
  });

  it('take 32 levels of one, and no more', async () => {
    const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    for (const [levels, status] of [
      [32, 200],
      [33, 400],
    ] as const) {
      const asked = await ask(stage.port, { method: 'POST', path: '/anything', headers: json, body: nested(levels) });
      expect(asked.status, `${levels} levels`).to.equal(status);
    }
  });

  it('may go on writing', async () => {
    const { text, headers: answered } = await ask(stage.port, { path: '/stream', headers });
    expect(text).to.equal('one two');
    expect(answered['content-type']).to.equal('text/event-stream');
  });
});
