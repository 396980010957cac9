import { expect } from 'chai';
import { cron, every } from 'plba';
import type { Blueprint } from '../../../src/application/blueprint.js';
import { graphLines } from '../../../src/cli/graph-lines.js';

const blueprint: Blueprint = {
  application: 'invoices',
  modules: [
    { name: 'ledger', imports: [] },
    { name: 'invoices', imports: ['ledger'] },
  ],
  workers: [
    {
      name: 'intake',
      module: 'invoices',
      type: 'Intake',
      trigger: every('30s'),
      needs: ['ledger', 'nobody'],
      critical: true,
      enabled: true,
    },
    {
      name: 'report',
      module: 'invoices',
      type: 'Report',
      trigger: cron('0 2 * * *', { timezone: 'Europe/Berlin' }),
      needs: ['intake'],
      critical: false,
      enabled: false,
    },
  ],
  contributors: [{ name: 'ledger', module: 'ledger', type: 'LedgerHealth', critical: true }],
  controlRoutes: [],
  problems: [],
};

describe('the graph of an application', () => {
  it('in Mermaid has modules, workers, health contributors, needs, imports, and what is needed and unknown', () => {
    expect(graphLines(blueprint, 'mermaid')).to.deep.equal([
      'flowchart LR',
      '  subgraph n0["ledger"]',
      '    n1(["ledger"])',
      '  end',
      '  subgraph n2["invoices"]',
      '    n3["intake<br/>every 30s"]',
      '    n4["report<br/>cron 0 2 #42; #42; #42; Europe/Berlin<br/>not critical, disabled"]',
      '  end',
      '  n5{{"nobody: unknown"}}',
      '  n3 -->|needs| n1',
      '  n3 -->|needs| n5',
      '  n4 -->|needs| n3',
      '  n2 -.->|imports| n0',
    ]);
  });

  it('in DOT has the same', () => {
    expect(graphLines(blueprint, 'dot')).to.deep.equal([
      'digraph "invoices" {',
      '  rankdir=LR;',
      '  node [shape=box];',
      '  subgraph "cluster ledger" {',
      '    "module ledger" [label="ledger", shape=folder];',
      '    "member ledger" [label="ledger", shape=ellipse];',
      '  }',
      '  subgraph "cluster invoices" {',
      '    "module invoices" [label="invoices", shape=folder];',
      '    "member intake" [label="intake\\nevery 30s"];',
      '    "member report" [label="report\\ncron 0 2 * * * Europe/Berlin\\nnot critical, disabled"];',
      '  }',
      '  "member nobody" [label="nobody: unknown", shape=hexagon];',
      '  "member intake" -> "member ledger" [label="needs"];',
      '  "member intake" -> "member nobody" [label="needs"];',
      '  "member report" -> "member intake" [label="needs"];',
      '  "module invoices" -> "module ledger" [label="imports", style=dashed];',
      '}',
    ]);
  });

  it('is of nothing but text, whatever stands in a trigger', () => {
    const hostile = cron('1 2 3 4 5', { timezone: 'x"]; n0 --> n1\\' });
    const workers = blueprint.workers.map((worker) => ({ ...worker, trigger: hostile }));
    const mermaid = graphLines({ ...blueprint, workers }, 'mermaid').join('\n');
    expect(mermaid).to.contain('x#34;]#59; n0 --#62; n1#92;');
    expect(graphLines({ ...blueprint, workers }, 'dot').join('\n')).to.contain('x\\"]; n0 --> n1\\\\');
  });
});
