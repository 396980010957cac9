import type { OperatorView } from '../../contracts/reports.js';
import { acceptedExposition } from '../../metrics/exposition.js';
import type { AnswerForms, Route } from '../route.js';

const expositionForms: AnswerForms = {
  'text/plain': { type: 'string' },
  'application/openmetrics-text': { type: 'string' },
};

/** `GET /metrics`. */
export function metricsRoutes(view: Pick<OperatorView, 'metrics'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      authority: 'read',
      summary: 'every metric as text of Prometheus, or of OpenMetrics where that is accepted',
      answers: { 200: expositionForms },
      refusals: [],
      handle: ({ accept }) => {
        const exposition = acceptedExposition(accept);
        return { status: 200, body: exposition.write(view.metrics()), type: exposition.contentType };
      },
    },
  ];
}
