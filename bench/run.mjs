// Runs the scenarios one after the other and prints their tables. See README.md beside this file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFigures } from './lib/page.mjs';
import { figure, table } from './lib/table.mjs';
import { configuration } from './scenarios/configuration.mjs';
import { crowds } from './scenarios/crowds.mjs';
import { cycle } from './scenarios/cycle.mjs';
import { events } from './scenarios/events.mjs';
import { health } from './scenarios/health.mjs';
import { ledger } from './scenarios/ledger.mjs';
import { logging } from './scenarios/logging.mjs';
import { probes } from './scenarios/probes.mjs';
import { queue } from './scenarios/queue.mjs';
import { ready } from './scenarios/ready.mjs';
import { run } from './scenarios/run.mjs';
import { stop } from './scenarios/stop.mjs';
import { ticking } from './scenarios/ticking.mjs';
import { tracing } from './scenarios/tracing.mjs';
import { week } from './scenarios/week.mjs';
import { workers } from './scenarios/workers.mjs';

const control = [health, probes, crowds, workers, events];
const scenarios = [ready, cycle, run, tracing, ticking, ...control, queue, ledger, logging, configuration, stop, week];
const usage = `usage: npm run bench -- [--quick] [--only ${scenarios.map(({ name }) => name).join('|')}]… [--json FILE] [--page]`;

const { values: wishes } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = wishes.only.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (wishes.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`unknown scenario: ${unknown.join(', ')}`);
  console.error(usage);
  process.exit(wishes.help ? 0 : 1);
}

function progress(what) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${what}`);
}

function versions() {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return { plba: version, ...dependencies };
}

const dist = process.env.PLBA_BENCH_DIST ?? fileURLToPath(new URL('../dist/index.js', import.meta.url));
if (!existsSync(dist)) {
  console.error('there is no build: npm run build');
  process.exit(1);
}

const began = Date.now();
const machine = `Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;
const said = [];
function say(text) {
  said.push(text);
  console.log(text);
}

say(`${machine}, ${new Date().toISOString().slice(0, 10)}${wishes.quick ? ', quick' : ''}`);
const outcome = { machine, at: new Date().toISOString(), quick: wishes.quick, versions: versions(), scenarios: {} };
const goals = [];

for (const scenario of scenarios) {
  if (wishes.only.length > 0 && !wishes.only.includes(scenario.name)) continue;
  const results = await scenario.measure({ isQuick: wishes.quick, progress });
  const presented = scenario.present(results);
  goals.push(...presented.goals);
  outcome.scenarios[scenario.name] = { title: scenario.title, results, goals: presented.goals };
  progress('');
  say(`\n## ${scenario.name}\n\n${scenario.title}.\n\n${presented.text}`);
}

if (goals.length > 0) {
  const rows = goals.map(({ what, value, bound, unit, isMet }) => [
    what,
    `${figure(value)}${unit}`,
    bound,
    isMet ? 'met' : 'missed',
  ]);
  say(`\n## goals\n\n${table(['what', 'measured', 'goal', ''], rows)}`);
}
console.log(`\ntook ${Math.round((Date.now() - began) / 1_000)} s`);
if (wishes.page) writeFigures(fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url)), said.join('\n'));
if (wishes.json !== undefined) writeFileSync(wishes.json, `${JSON.stringify(outcome, undefined, 2)}\n`);
