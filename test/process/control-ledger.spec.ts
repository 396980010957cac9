import { expect } from 'chai';
import type { RunRecord } from '../../src/contracts/run.js';
import { ask } from '../fakes/control-client.js';
import { type ControlStage, startControl } from '../fakes/control-stage.js';

const run = (id: string, outcome: RunRecord['outcome'], started: string): RunRecord => ({
  id,
  worker: 'report',
  trigger: 'every',
  attempt: 1,
  started: new Date(started),
  durationMs: 1,
  ...(outcome !== undefined && { outcome }),
  traceId: '0af7651916cd43dd8448eb211c80319c',
});

const ledger = [
  run('r-4', 'fatal', '2026-01-05T11:00:00Z'),
  run('r-3', 'failed', '2026-01-05T10:00:00Z'),
  run('r-2', 'worked', '2026-01-05T09:00:00Z'),
  run('r-1', 'failed', '2026-01-05T08:00:00Z'),
];

describe('the routes of the ledger', () => {
  let stage: ControlStage;
  before(async () => {
    stage = await startControl();
    stage.view.runs = (name) => (name === 'report' ? ledger : undefined);
  });
  after(() => stage.plane.stop());

  const ids = async (query: string): Promise<unknown> => {
    const { status, json } = await ask(stage.port, { path: `/workers/report/runs${query}` });
    return status === 200 ? (json as unknown as RunRecord[]).map(({ id }) => id) : [status, json['code']];
  };

  for (const [query, expected] of [
    ['', ['r-4', 'r-3', 'r-2', 'r-1']],
    ['?outcome=failed', ['r-3', 'r-1']],
    ['?outcome=failed,fatal', ['r-4', 'r-3', 'r-1']],
    ['?limit=1', ['r-4']],
    ['?outcome=failed&limit=1', ['r-3']],
    ['?since=2026-01-05T09:00:00Z', ['r-4', 'r-3', 'r-2']],
    ['?since=2026-01-05T11:00:00%2B01:00', ['r-4', 'r-3']],
    ['?since=2026-01-05T11:00:00+01:00', ['r-4', 'r-3']],
    ['?since=2026-01-06', []],
  ] as const)
    it(`answers ${query || 'no query'} with ${expected.join(', ') || 'none'}`, async () => {
      expect(await ids(query)).to.deep.equal(expected);
    });

  for (const query of [
    '?outcome=fail',
    '?outcome=',
    '?outcome=failed&outcome=fatal',
    '?since=yesterday',
    '?since=1',
    '?limit=0',
    '?limit=-1',
    '?limit=ten',
    '?outcom=failed',
  ])
    it(`refuses ${query}`, async () => {
      expect(await ids(query)).to.deep.equal([400, 'CONTROL_QUERY_INVALID']);
    });

  it('shows one run by its id', async () => {
    expect((await ask(stage.port, { path: '/workers/report/runs/r-3' })).json).to.include({
      id: 'r-3',
      outcome: 'failed',
    });
  });

  it('says which is unknown: the worker or the run', async () => {
    const code = async (path: string): Promise<unknown> => (await ask(stage.port, { path })).json['code'];
    expect(await code('/workers/nobody/runs/r-3')).to.equal('WORKER_UNKNOWN');
    expect(await code('/workers/report/runs/r-9')).to.equal('RUN_UNKNOWN');
  });
});
