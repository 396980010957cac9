import type { OutcomeKind } from '../../contracts/outcome.js';
import type { OperatorView } from '../../contracts/reports.js';
import type { RunRecord } from '../../contracts/run.js';
import { clip } from '../../plain/plain-value.js';
import { Refusal } from '../refusal.js';
import type { Route } from '../route.js';
import { nameIn, unknownWorker, workerPart } from './worker-routes.js';

type Parameters = Readonly<Record<string, string>>;

/** `GET /workers/<name>/runs` and one run of it. */
export function ledgerRoutes(view: Pick<OperatorView, 'runs' | 'run' | 'worker'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/workers/<name>/runs',
      authority: 'read',
      summary: 'the ledger of a worker, newest run first',
      parts: workerPart,
      answers: { 200: { 'application/json': ['Run'] } },
      refusals: ['WORKER_UNKNOWN', 'CONTROL_QUERY_INVALID'],
      query: {
        outcome: `only these outcomes, separated by commas: ${outcomes.join(', ')}`,
        since: 'only runs that started at this instant or later, in ISO 8601',
        limit: 'this many at most, the newest',
      },
      handle: ({ parameters, query }) => {
        const isWanted = filterOf(query);
        const runs = view.runs(nameIn(parameters)) ?? unknownWorker(nameIn(parameters));
        return { status: 200, body: runs.filter(isWanted).slice(0, limitOf(query)) };
      },
    },
    {
      method: 'GET',
      path: '/workers/<name>/runs/<id>',
      authority: 'read',
      summary: 'one run, in progress or in the ledger, with what it has logged',
      parts: { ...workerPart, id: 'id of the run' },
      answers: { 200: { 'application/json': 'Run' } },
      refusals: ['WORKER_UNKNOWN', 'RUN_UNKNOWN'],
      handle: ({ parameters }) => {
        const name = nameIn(parameters);
        if (view.worker(name) === undefined) return unknownWorker(name);
        return { status: 200, body: view.run(name, parameters['id'] ?? '') ?? unknownRun(parameters['id'] ?? '') };
      },
    },
  ];
}

const outcomes: readonly OutcomeKind[] = ['worked', 'idle', 'partial', 'blocked', 'failed', 'fatal'];

function filterOf(query: Parameters): (run: RunRecord) => boolean {
  const wanted = outcomesOf(query['outcome']);
  const sinceMs = instantOf(query['since']);
  return ({ outcome, started }) =>
    (wanted === undefined || (outcome !== undefined && wanted.includes(outcome))) && started.getTime() >= sinceMs;
}

function outcomesOf(text: string | undefined): readonly string[] | undefined {
  const wanted = text?.split(',');
  const unknown = wanted?.find((each) => !(outcomes as readonly string[]).includes(each));
  if (unknown === undefined) return wanted;
  throw invalid(`outcome has ${JSON.stringify(clip(unknown, 50))}`, `there are ${outcomes.join(', ')}`);
}

const instantForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

function instantOf(text: string | undefined): number {
  if (text === undefined) return -Infinity;
  // A plus sign that nobody has encoded arrives as a blank.
  const ms = instantForm.test(text.replace(' ', '+')) ? Date.parse(text.replace(' ', '+')) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw invalid(`since is ${JSON.stringify(clip(text, 50))}`, 'an instant such as 2026-01-05T08:00:00Z');
}

function limitOf({ limit }: Parameters): number | undefined {
  if (limit === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(limit)) return Number(limit);
  throw invalid(`limit is ${JSON.stringify(clip(limit, 50))}`, 'a whole number of at least 1');
}

function invalid(message: string, hint: string): Refusal {
  return new Refusal('CONTROL_QUERY_INVALID', message, { hint });
}

function unknownRun(id: string): never {
  throw new Refusal('RUN_UNKNOWN', `there is no run ${JSON.stringify(clip(id, 100))} in the ledger`, {
    hint: 'the ledger keeps the last runs only: see GET /workers/<name>/runs',
  });
}
