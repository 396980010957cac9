import { expect } from 'chai';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext } from '../../src/cli/command-context.js';
import { graphLines } from '../../src/cli/graph-lines.js';
import { inspectMain } from '../../src/cli/inspect-main.js';
import { planFires } from '../../src/cli/plan-fires.js';
import { scheduleText } from '../../src/cli/schedule-text.js';

/** A sample that has no application of its own: it runs a spec. */
const without = '08-testing';

describe('every sample, looked at without starting it,', function () {
  this.timeout(120_000);

  for (const sample of readdirSync('samples').filter((name) => existsSync(join('samples', name, 'main.ts')))) {
    if (sample === without) continue;
    it(`is valid, can be drawn, and has its schedule: ${sample}`, async () => {
      let said = '';
      const context: CommandContext = {
        env: process.env,
        write: () => undefined,
        writeError: (text) => void (said += text),
        end: new AbortController().signal,
        isJson: false,
        connect: () => Promise.reject(new Error('nothing runs')),
        exitWith: () => undefined,
      };
      const blueprint = await inspectMain(join('samples', sample, 'main.ts'), [], context);
      expect(said).to.equal('');
      expect(blueprint.problems).to.deep.equal([]);
      expect(blueprint.workers).to.not.be.empty;
      const graph = graphLines(blueprint, 'mermaid').join('\n');
      const plans = await Promise.all(blueprint.workers.map((worker) => planFires(worker, 0, 3)));
      const schedule = scheduleText(plans, undefined);
      for (const { name } of blueprint.workers) {
        expect(graph).to.contain(`["${name}<br/>`);
        expect(schedule).to.match(new RegExp(`^${name} `, 'm'));
      }
    });
  }
});
