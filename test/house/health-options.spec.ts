import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { contributorOverrides, declaredWorkerOptions } from '../../src/config/platform-settings.js';
import { effectiveContributorOptions } from '../../src/health/contributor-options.js';
import { formatDuration } from '../../src/time/duration.js';
import { effectiveOptions } from '../../src/worker/effective-options.js';

const read = (page: string): string => readFileSync(`docs/${page}.md`, 'utf8');

/** The value in force where nobody says anything, as the pages write it. */
function byDefault(options: object, name: string): string {
  const values = options as Readonly<Record<string, number | boolean | undefined>>;
  const ms = values[`${name}Ms`];
  return String(values[name] ?? (typeof ms === 'number' ? formatDuration(ms) : 'never'));
}

describe('the options of health on the pages', () => {
  const policy = declaredWorkerOptions.fields.get('health')?.schema;
  const ofWorkers = policy?.kind === 'group' ? [...policy.fields.keys()] : [];
  const ofContributors = [...contributorOverrides.fields.keys()];

  it('are those of workers and contributors', () => {
    expect(ofWorkers).to.include('stuckAfter');
    expect(ofContributors).to.include('timeout');
  });

  for (const name of ofWorkers) {
    it(`of a worker: ${name}, with its default, and how it is set from configuration`, () => {
      expect(read('health')).to.include(`\`${name}\`, ${byDefault(effectiveOptions({ name: 'w' }).health, name)} `);
      expect(/^ {6}health:\s*\{([^}]*)\}$/m.exec(read('configuration'))?.[1]).to.match(new RegExp(`\\b${name}: \\S`));
    });
  }

  for (const name of ofContributors) {
    it(`of a contributor: ${name}, with its default`, () => {
      const [, written = ''] = new RegExp(`^\\| \`${name}\` +\\| (.*?) +\\|`, 'm').exec(read('health')) ?? [];
      const value = byDefault(effectiveContributorOptions({ name: 'c' }), name);
      expect(written.replaceAll('`', '')).to.equal(value);
    });
  }
});
