import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { IsOptional, IsString } from 'class-validator';
import { configuration } from 'plba';
import { loadConfiguration, type ConfigurationRequest } from '../../../src/config/load-configuration.js';
import type { ConfigurationError } from '../../../src/config/violation.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

@configuration('invoices')
class InvoiceConfig {
  @IsString() note = 'default';
  @IsOptional() @IsString() other?: string;
}

type Request = Partial<ConfigurationRequest>;

/** A layer: how it says a value, and each way in which it can leave it out. */
interface Layer {
  readonly name: string;
  says(value: string): Request;
  readonly silent: Readonly<Record<string, () => Request>>;
}

describe('the precedence of layers', () => {
  let directory: string;
  const write = (name: string, text: string): Request => {
    writeFileSync(join(directory, name), text);
    return {};
  };
  const file = (name: string, more: Request): Layer => ({
    name,
    says: (value) => ({ ...write(name, JSON.stringify({ invoices: { note: value } })), ...more }),
    silent: {
      'is empty': () => ({ ...write(name, ''), ...more }),
      'has comments only': () => ({ ...write(name, '# invoices: { note: no }'), ...more }),
      'has an empty document': () => ({ ...write(name, '{}'), ...more }),
      'has nothing behind its section': () => ({ ...write(name, 'invoices: {}'), ...more }),
      'has another key': () => ({ ...write(name, 'invoices: { other: x }'), ...more }),
      'has another section': () => ({ ...write(name, 'plba: { start: { timeout: 9s } }'), ...more }),
    },
  });

  // Lowest first.
  const layers: readonly Layer[] = [
    { name: 'the class', says: () => ({}), silent: {} },
    {
      ...file('config/application.yaml', {}),
      silent: { 'is not there': () => ({}), ...file('config/application.yaml', {}).silent },
    },
    file('config/application.prod.yaml', { env: { PLBA_PROFILE: 'prod' } }),
    {
      name: '.env',
      says: (value) => write('.env', `INVOICES__NOTE=${value}\n`),
      silent: {
        'is not there': () => ({}),
        'is empty': () => write('.env', ''),
        'has comments only': () => write('.env', '# INVOICES__NOTE=no\n'),
        'has another key': () => write('.env', 'INVOICES__OTHER=x\n'),
        'has a name of nobody': () => write('.env', 'INVOICES_NOTE=no\nNOTE=no\n'),
      },
    },
    {
      name: 'the environment',
      says: (value) => ({ env: { INVOICES__NOTE: value } }),
      silent: {
        'is empty': () => ({ env: {} }),
        'has the name without a value': () => ({ env: { INVOICES__NOTE: undefined } }),
        'has another key': () => ({ env: { INVOICES__OTHER: 'x' } }),
        'has a name of nobody': () => ({ env: { INVOICES_NOTE: 'no', invoices__note: 'no' } }),
      },
    },
    {
      name: '--set',
      says: (value) => ({ set: [`invoices.note=${value}`] }),
      silent: {
        'is not given': () => ({ set: [] }),
        'gives another key': () => ({ set: ['invoices.other=x'] }),
      },
    },
    {
      name: 'code',
      says: (value) => ({ overrides: { invoices: { note: value } } }),
      silent: {
        'gives nothing': () => ({ overrides: {} }),
        'gives an empty section': () => ({ overrides: { invoices: {} } }),
        'gives another key': () => ({ overrides: { invoices: { other: 'x' } } }),
      },
    },
  ];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plba-precedence-'));
    mkdirSync(join(directory, 'config'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const note = async (...said: readonly Request[]): Promise<string> => {
    const request = { directory, env: {}, set: [], overrides: {}, sections: [InvoiceConfig], workerNames: [] };
    const loaded = await loadConfiguration({
      ...request,
      ...(Object.assign({}, ...said) as Request),
      env: Object.assign({}, ...said.map(({ env }) => env)) as ConfigurationRequest['env'],
      vault: new SecretVault(),
    });
    return loaded.instance(InvoiceConfig).note;
  };

  layers.forEach((upper, at) => {
    for (const lower of layers.slice(0, at)) {
      const below = lower.name === 'the class' ? 'default' : 'lower';

      it(`${upper.name} wins over ${lower.name}, also with an empty text`, async () => {
        expect(await note(lower.says('lower'), upper.says('upper'))).to.equal('upper');
        expect(await note(lower.says('lower'), upper.says(''))).to.equal('');
      });

      for (const [how, silent] of Object.entries(upper.silent)) {
        it(`${lower.name} decides where ${upper.name} ${how}`, async () => {
          expect(await note(lower.says('lower'), silent())).to.equal(below);
        });
      }
    }
  });

  it('each wins over all below it at once, and leaves alone what it does not say', async () => {
    for (let highest = layers.length - 1; highest > 0; highest--) {
      rmSync(directory, { recursive: true });
      mkdirSync(join(directory, 'config'), { recursive: true });
      const said = layers.slice(0, highest + 1).map((layer) => layer.says(layer.name));
      expect(await note(...said)).to.equal(layers[highest]?.name);
    }
  });

  it('null in a file is a value that is no text, and not a way to say nothing', async () => {
    write('config/application.yaml', 'invoices: { note: }');
    const failure = await note().catch((error: unknown) => error);
    expect((failure as ConfigurationError).violations).to.deep.equal([
      {
        path: 'invoices.note',
        rule: 'must be text',
        received: 'null',
        from: 'config/application.yaml:1',
        hint: 'set invoices.note in the configuration file, or INVOICES__NOTE',
      },
    ]);
  });
});
