import type { OperatorView } from '../../contracts/reports.js';
import { clip } from '../../plain/plain-value.js';
import { Refusal } from '../refusal.js';
import type { Route } from '../route.js';

/** `GET /traces` and one trace. */
export function traceRoutes(view: Pick<OperatorView, 'traces' | 'trace'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/traces',
      authority: 'read',
      summary: 'the last runs as trees of spans, kept in process, newest first',
      query: { worker: 'only the runs of this worker' },
      answers: { 200: { 'application/json': ['Trace'] } },
      refusals: [],
      handle: ({ query }) => {
        const { worker } = query;
        return { status: 200, body: view.traces().filter((trace) => worker === undefined || trace.worker === worker) };
      },
    },
    {
      method: 'GET',
      path: '/traces/<id>',
      authority: 'read',
      summary: 'one of them by its trace id',
      parts: { id: 'id of the trace: 32 hexadecimal digits' },
      answers: { 200: { 'application/json': 'Trace' } },
      refusals: ['TRACE_UNKNOWN'],
      handle: ({ parameters }) => {
        const id = parameters['id'] ?? '';
        return { status: 200, body: view.trace(id) ?? unknownTrace(id) };
      },
    },
  ];
}

function unknownTrace(id: string): never {
  throw new Refusal('TRACE_UNKNOWN', `no trace ${JSON.stringify(clip(id, 100))} is kept`, {
    hint: 'GET /traces lists those that are: of the last runs only, and of none as long as no run makes spans; plba.telemetry.traces: on keeps all',
  });
}
