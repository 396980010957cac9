import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { testApplication } from 'plba/testing';
import { openMetricsText } from '../../../src/metrics/exposition.js';
import { readOpenMetrics } from '../../support/openmetrics.js';
import { needsPromtool, promtool } from '../../support/promtool.js';
import { DeployedModule } from './deployed-module.js';

const rules = 'deploy/prometheus-alerts.yaml';
const dashboard = 'deploy/grafana-dashboard.json';

interface Dashboard {
  readonly panels: { readonly targets: { readonly expr: string }[] }[];
}

/** What of PLBA's, and of the process's, an expression is about. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\b(?:plba|nodejs|v8js|process)_[a-z0-9_]+(?=[{[\s)]| [>=])/g)].map(([name]) => name);
}

describe('the files of deploy/', () => {
  it('ask for metrics that there are, by labels that they have', async () => {
    const app = await testApplication(DeployedModule).manual().start();
    await app.step('w');
    await app.health();
    const families = readOpenMetrics(openMetricsText.write(app.operator.metrics()));
    await app.stop();
    const known = new Set(families.flatMap(({ samples }) => samples.map(({ name }) => name)));
    // These have no series as long as nothing was seen.
    for (const late of ['nodejs_eventloop_delay_p99_seconds', 'nodejs_eventloop_delay_max_seconds']) known.add(late);
    for (const late of ['plba_control_requests_total', 'plba_metrics_overflows_total']) known.add(late);
    const { panels } = JSON.parse(readFileSync(dashboard, 'utf8')) as Dashboard;
    const asked = [
      ...panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))),
      ...[...readFileSync(rules, 'utf8').matchAll(/expr:(.*(?:\n {10}.*)*)/g)].flatMap(([, expr]) =>
        namesIn(expr ?? ''),
      ),
    ];
    expect(asked.length).to.be.greaterThan(20);
    const labels = [
      'plba_worker',
      'plba_queue',
      'plba_task_state',
      'plba_outcome',
      'plba_state',
      'plba_status',
      'plba_contributor',
      'plba_metric',
    ];
    expect(asked.filter((name) => !known.has(name) && !labels.includes(name))).to.deep.equal([]);
  });

  describe('as promtool sees them', () => {
    before(needsPromtool);

    it('are rules without a mistake', () => {
      expect(promtool(['check', 'rules', rules])).to.equal('');
    });

    it('ask the dashboard’s questions in sound PromQL', () => {
      const { panels } = JSON.parse(readFileSync(dashboard, 'utf8')) as Dashboard;
      const questions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
      const asRules = questions.map((expr, at) => ({
        record: `question:${at}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      }));
      // JSON is YAML.
      const folder = mkdtempSync(join(tmpdir(), 'plba-dashboard-'));
      const file = join(folder, 'rules.json');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: asRules }] }));
      const complaints = promtool(['check', 'rules', file]);
      rmSync(folder, { recursive: true });
      expect(complaints).to.equal('');
    });
  });
});
