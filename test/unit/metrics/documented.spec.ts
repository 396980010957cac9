import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { testApplication } from 'plba/testing';
import { DeployedModule } from './deployed-module.js';

/** What stands in backquotes. */
const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

/** Name, kind and labels of each metric in the table of docs/observability.md. */
function documented(): { name: string; kind: string; labels: string[] }[] {
  const page = readFileSync('docs/observability.md', 'utf8');
  const [, table = ''] = page.split('\n## Metrics\n');
  const rows = (table.split('\n### ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const [, metrics = '', kind = '', labels = ''] = row.split('|').map((cell) => cell.trim());
    const [first = '', ...others] = quoted(metrics);
    // `a.b.max`, `mean`: the same name with another end.
    const names = [first, ...others.map((name) => (name.includes('.') ? name : first.replace(/[^.]+$/, name)))];
    return names.map((name) => ({ name, kind, labels: quoted(labels) }));
  });
}

describe('the metrics of the platform', () => {
  it('are those of the table in the documentation, with their kinds and labels', async () => {
    const app = await testApplication(DeployedModule).manual().start();
    await app.step('w');
    await app.health();
    const families = app.operator.metrics();
    await app.stop();
    const table = new Map(documented().map((row) => [row.name, row]));
    expect(families.map(({ name }) => name).sort()).to.deep.equal([...table.keys()].sort());
    for (const { name, kind, points } of families) {
      const row = table.get(name);
      if (row?.kind !== '') expect(row?.kind, name).to.equal(kind);
      for (const { labels } of points)
        for (const label of Object.keys(labels)) expect(row?.labels, name).to.include(label);
    }
  });
});
