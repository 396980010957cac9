import { expect } from 'chai';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsString, IsUrl, Min, ValidateNested } from 'class-validator';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuration, secret } from 'plba';
import {
  loadConfiguration,
  type ConfigurationRequest,
  type LoadedConfiguration,
} from '../../../src/config/load-configuration.js';
import { ConfigurationError, type Violation } from '../../../src/config/violation.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

class Smtp {
  @IsString() host = 'localhost';
  @IsInt() port = 25;
}

@configuration('invoices')
class InvoiceConfig {
  @IsUrl({ require_tld: false }) ledgerUrl = 'http://ledger';
  @IsInt() @Min(1) batchSize = 50;
  @IsBoolean() dryRun = false;
  @IsOptional() @IsString() note?: string;
  @IsOptional() @secret() apiKey?: string;
  @ValidateNested() @Type(() => Smtp) smtp = new Smtp();
  @IsArray() @IsString({ each: true }) tags: string[] = [];
}

@configuration('strict')
class StrictConfig {
  @IsString() name!: string;
  @secret() password!: string;
  @ValidateNested() @Type(() => Smtp) smtp!: Smtp;
}

describe('configuration', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plba-config-'));
    mkdirSync(join(directory, 'config'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const write = (name: string, text: string | Buffer): void => {
    writeFileSync(join(directory, name), text);
  };

  const load = (request: Partial<ConfigurationRequest> = {}): Promise<LoadedConfiguration> =>
    loadConfiguration({
      directory,
      env: {},
      set: [],
      overrides: {},
      sections: [InvoiceConfig],
      workerNames: ['invoice-sync', 'eu.west'],
      vault: new SecretVault(),
      ...request,
    });

  const violations = async (request: Partial<ConfigurationRequest> = {}): Promise<readonly Violation[]> => {
    try {
      await load(request);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.violations;
      throw error;
    }
    throw new Error('no rule was broken');
  };

  const paths = async (request: Partial<ConfigurationRequest>): Promise<string[]> =>
    (await violations(request)).map(({ path }) => path);

  describe('layers', () => {
    it('falls back to the defaults of the class', async () => {
      expect((await load()).instance(InvoiceConfig)).to.deep.include({ batchSize: 50, ledgerUrl: 'http://ledger' });
    });

    it('merges objects key by key', async () => {
      write('config/application.yaml', 'invoices: { smtp: { host: mail, port: 26 } }');
      const config = await load({ env: { INVOICES__SMTP__PORT: '2525' } });
      expect(config.instance(InvoiceConfig).smtp).to.deep.include({ host: 'mail', port: 2525 });
    });

    it('takes the profile from PLBA_PROFILE, and refuses one that has no file', async () => {
      write('config/application.test.yaml', 'invoices: { note: tested }');
      const config = await load({ env: { PLBA_PROFILE: 'test' } });
      expect(config.instance(InvoiceConfig).note).to.equal('tested');
      expect(await paths({ env: { PLBA_PROFILE: 'tset' } })).to.deep.equal(['PLBA_PROFILE']);
    });

    it('takes another file or folder from PLBA_CONFIG, and refuses one that is not there', async () => {
      write('other.json', '{ "invoices": { "note": "from json" } }');
      const config = await load({ env: { PLBA_CONFIG: 'other.json' } });
      expect(config.instance(InvoiceConfig).note).to.equal('from json');
      expect(await paths({ env: { PLBA_CONFIG: 'nowhere' } })).to.deep.equal(['PLBA_CONFIG']);
    });

    it('remembers where each value came from', async () => {
      write('config/application.yaml', 'invoices: { batchSize: 7 }');
      write('.env', '# comment\nINVOICES__DRY_RUN=true');
      const config = await load({ env: { INVOICES__NOTE: 'x' }, set: ['invoices.tags=a,b'] });
      const sources = Object.fromEntries(config.entries().map(({ path, source }) => [path, source]));
      expect(sources).to.include({
        'invoices.batchSize': 'config/application.yaml:1',
        'invoices.dryRun': 'INVOICES__DRY_RUN in .env:2',
        'invoices.note': 'environment variable INVOICES__NOTE',
        'invoices.tags.0': '--set invoices.tags',
        'invoices.ledgerUrl': 'default',
      });
    });
  });

  describe('values from text', () => {
    const good: [variable: string, text: string, field: keyof InvoiceConfig, value: unknown][] = [
      ['INVOICES__BATCH_SIZE', '7', 'batchSize', 7],
      ['INVOICES__DRY_RUN', 'true', 'dryRun', true],
      ['INVOICES__DRY_RUN', 'false', 'dryRun', false],
      ['INVOICES__NOTE', '7', 'note', '7'],
      ['INVOICES__NOTE', 'false', 'note', 'false'],
      ['INVOICES__TAGS', 'a, b', 'tags', ['a', 'b']],
      ['INVOICES__TAGS', '["a,b", "c"]', 'tags', ['a,b', 'c']],
      ['INVOICES__TAGS', '', 'tags', []],
    ];
    for (const [variable, text, field, value] of good) {
      it(`reads ${variable}=${text} as ${JSON.stringify(value)}`, async () => {
        const config = await load({ env: { [variable]: text } });
        expect(config.instance(InvoiceConfig)[field]).to.deep.equal(value);
      });
    }

    const bad: [variable: string, text: string][] = [
      ['INVOICES__DRY_RUN', 'yes'],
      ['INVOICES__DRY_RUN', '0'],
      ['INVOICES__DRY_RUN', ' true'],
      ['INVOICES__DRY_RUN', 'True'],
      ['INVOICES__DRY_RUN', ''],
      ['INVOICES__BATCH_SIZE', ''],
      ['INVOICES__BATCH_SIZE', '1.5'],
      ['INVOICES__BATCH_SIZE', '0x10'],
      ['INVOICES__BATCH_SIZE', 'NaN'],
      ['INVOICES__BATCH_SIZE', 'Infinity'],
      ['INVOICES__BATCH_SIZE', '9007199254740993'],
      ['INVOICES__BATCH_SIZE', '0'],
      ['INVOICES__LEDGER_URL', 'not a url'],
      ['INVOICES__SMTP', '{}'],
    ];
    for (const [variable, text] of bad) {
      it(`refuses ${variable}=${JSON.stringify(text)}, says what is allowed and how to set it`, async () => {
        const [violation, ...more] = await violations({ env: { [variable]: text } });
        expect(more).to.deep.equal([]);
        expect(violation?.rule).to.match(/^must /);
        expect(violation?.hint).to.include(variable);
      });
    }

    it('reads the value from a file whose name ends the variable in _FILE, and keeps it secret', async () => {
      write('key', 'swordfish-42\n');
      const vault = new SecretVault();
      const config = await load({ env: { INVOICES__API_KEY_FILE: join(directory, 'key') }, vault });
      expect(config.instance(InvoiceConfig).apiKey).to.equal('swordfish-42');
      expect(vault.scrub('it is swordfish-42')).to.equal('it is ******');
    });

    it('keeps secret whatever comes from such a file, also where the class does not say that it is one', async () => {
      write('note', 'swordfish-43\n');
      const vault = new SecretVault();
      const config = await load({ env: { INVOICES__NOTE_FILE: join(directory, 'note') }, vault });
      expect(config.instance(InvoiceConfig).note).to.equal('swordfish-43');
      expect(vault.scrub('it is swordfish-43')).to.equal('it is ******');
      expect(config.entries().find(({ path }) => path === 'invoices.note')?.value).to.equal('******');
    });

    it('names the variable when the file cannot be read', async () => {
      expect(await paths({ env: { INVOICES__API_KEY_FILE: join(directory, 'none') } })).to.deep.equal([
        'INVOICES__API_KEY_FILE',
      ]);
    });

    it('leaves variables alone that are none of its own', async () => {
      await load({ env: { HOME: '/root', npm__x: '1', PLBA_TOKEN: 'x', INVOICES: 'x' } });
    });
  });

  describe('structure', () => {
    const cases: [what: string, overrides: string, path: string][] = [
      ['an unknown section', '{ "invoice": {} }', 'invoice'],
      ['an unknown key', '{ "invoices": { "batchsize": 5 } }', 'invoices.batchsize'],
      ['an unknown key deeper', '{ "invoices": { "smtp": { "hots": "x" } } }', 'invoices.smtp.hots'],
      ['__proto__', '{ "invoices": { "__proto__": { "dryRun": true } } }', 'invoices.__proto__'],
      ['__proto__ at the top', '{ "__proto__": {} }', '__proto__'],
      ['constructor', '{ "invoices": { "constructor": 1 } }', 'invoices.constructor'],
      ['a list for a section', '{ "invoices": [] }', 'invoices'],
      ['null for a section', '{ "invoices": null }', 'invoices'],
      ['a list for an object', '{ "invoices": { "smtp": [] } }', 'invoices.smtp'],
      ['an object for a list', '{ "invoices": { "tags": {} } }', 'invoices.tags'],
      ['text for a number', '{ "invoices": { "batchSize": "5" } }', 'invoices.batchSize'],
      ['a number for text', '{ "invoices": { "note": 5 } }', 'invoices.note'],
      ['text for a boolean', '{ "invoices": { "dryRun": "false" } }', 'invoices.dryRun'],
      ['null for text', '{ "invoices": { "note": null } }', 'invoices.note'],
      ['an item of the wrong type', '{ "invoices": { "tags": ["a", 1] } }', 'invoices.tags.1'],
      ['an unknown worker', '{ "plba": { "workers": { "invoice-sink": {} } } }', 'plba.workers.invoice-sink'],
      [
        'an unknown option',
        '{ "plba": { "workers": { "invoice-sync": { "timout": 1 } } } }',
        'plba.workers.invoice-sync.timout',
      ],
      [
        'an unknown trigger',
        '{ "plba": { "workers": { "invoice-sync": { "trigger": "often" } } } }',
        'plba.workers.invoice-sync.trigger',
      ],
      ['a port too high', '{ "plba": { "control": { "port": 70000 } } }', 'plba.control.port'],
      ['an unknown level', '{ "plba": { "logging": { "level": "loud" } } }', 'plba.logging.level'],
      [
        'a part that does not exist',
        '{ "plba": { "workers": { "invoice-sync": { "replicas": "one" } } } }',
        'plba.workers.invoice-sync.replicas',
      ],
      ['a socket that is no path', '{ "plba": { "control": { "socket": true } } }', 'plba.control.socket'],
      [
        'an authority that there is not',
        '{ "plba": { "control": { "tokens": { "admin": "sesame-open" } } } }',
        'plba.control.tokens.admin',
      ],
      [
        'a token that is no text',
        '{ "plba": { "control": { "tokens": { "read": { "a": 1234567 } } } } }',
        'plba.control.tokens.read.a',
      ],
      [
        'isolation',
        '{ "plba": { "workers": { "invoice-sync": { "isolation": "thread" } } } }',
        'plba.workers.invoice-sync.isolation',
      ],
      ...['-1', '"-1s"', '"NaN"', '2147483648', '"25d"', '"5 s"', 'true'].map((duration): [string, string, string] => [
        `the duration ${duration}`,
        `{ "plba": { "start": { "timeout": ${duration} } } }`,
        'plba.start.timeout',
      ]),
    ];
    for (const [what, overrides, path] of cases) {
      it(`refuses ${what}, and names it`, async () => {
        expect(await paths({ overrides: JSON.parse(overrides) as object })).to.deep.equal([path]);
        expect(({} as { dryRun?: unknown }).dryRun).to.equal(undefined);
      });
    }

    it('names what is required and missing, and nested objects too', async () => {
      const found = await violations({ sections: [StrictConfig] });
      expect(found.map(({ path }) => path)).to.deep.equal(['strict.name', 'strict.password', 'strict.smtp']);
      expect(found[1]?.hint).to.include('STRICT__PASSWORD');
    });

    it('suggests the nearest key for an unknown one, in files, variables and arguments', async () => {
      write('config/application.yaml', 'invoices: { batchSiez: 5 }');
      const found = await violations({
        env: { INVOICES__LEDGR_URL: 'x' },
        set: ['plba.worker.invoice-sync.timeout=5'],
      });
      expect(found.map(({ hint }) => hint)).to.deep.equal([
        'did you mean INVOICES__LEDGER_URL?',
        'did you mean batchSize?',
        'did you mean plba.workers?',
      ]);
    });

    it('allows what the decorator allows, by the name of the worker, dots included', async () => {
      const { settings } = await load({
        overrides: { plba: { workers: { 'invoice-sync': { trigger: { cron: '0 2 * * *' }, restart: { max: 0 } } } } },
        set: ['plba.workers.eu.west.timeout=5m', 'plba.workers.eu.west.trigger=once'],
        env: { PLBA__WORKERS__INVOICE_SYNC__STOP__DRAIN: '1s' },
      });
      expect(settings.workers).to.deep.equal({
        'invoice-sync': { trigger: { cron: '0 2 * * *' }, restart: { max: 0 }, stop: { drain: '1s' } },
        'eu.west': { timeout: '5m', trigger: 'once' },
      });
    });
  });

  describe('files', () => {
    const broken: [what: string, text: string | Buffer][] = [
      ['a key that stands twice', 'invoices: {}\ninvoices: {}'],
      ['bad indentation', 'invoices:\n  a: 1\n b: 2'],
      ['a list at the top', '- a\n- b'],
      ['text at the top', 'invoices'],
      ['what is not UTF-8', Buffer.from('invoices: { note: \xff }', 'latin1')],
      ['more than a mebibyte', `# ${'x'.repeat(1024 * 1024)}\n`],
      ['an unknown tag', 'invoices: !!js/function "x"'],
    ];
    for (const [what, text] of broken) {
      it(`refuses ${what}, and names the file`, async () => {
        write('config/application.yaml', text);
        const [violation] = await violations();
        expect(violation?.path).to.include('application.yaml');
      });
    }

    it('ends within a second on a bomb of aliases', async () => {
      const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
      write('config/application.yaml', `l0: &l0 boom\n${levels.join('\n')}`);
      const began = process.hrtime.bigint();
      const [violation] = await violations();
      expect(violation?.rule).to.include('more than 20000 values');
      expect(Number(process.hrtime.bigint() - began) / 1e9).to.be.lessThan(1);
    });

    it('refuses what is nested too deep', async () => {
      write('config/application.json', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
      expect((await violations())[0]?.rule).to.include('deeper than 32 levels');
    });

    it('takes an empty file for an empty configuration', async () => {
      write('config/application.yaml', '# nothing yet\n');
      await load();
    });
  });

  describe('the report', () => {
    it('lists everything at once, sorted by path', async () => {
      const found = await paths({
        overrides: { zoo: 1, invoices: { dryRun: 'no', batchSize: 0 }, plba: { start: { timeout: -1 } } },
      });
      expect(found).to.deep.equal(['invoices.batchSize', 'invoices.dryRun', 'plba.start.timeout', 'zoo']);
    });

    it('shows at most a hundred and says how many more there are', async () => {
      const many = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`x${i}`, 1]));
      const error = await load({ overrides: many }).catch((thrown: unknown) => thrown as Error);
      expect((error as Error).message)
        .to.include('130 rules')
        .and.include('and 30 more');
      expect((error as ConfigurationError).violations).to.have.length(100);
    });

    it('names no variable that could not be set: of a list the whole of it, of an object what is in it', async () => {
      const found = await violations({
        sections: [InvoiceConfig, StrictConfig],
        overrides: { invoices: { tags: ['a', 5], smtp: 5 }, strict: { name: 'x', password: 'long-enough' } },
      });
      expect(found.map(({ path, hint }) => [path, hint])).to.deep.equal([
        ['invoices.smtp', 'set its keys in the configuration file, below invoices.smtp, or by INVOICES__SMTP__…'],
        ['invoices.tags.1', 'set invoices.tags.1 in the configuration file, or the whole list by INVOICES__TAGS'],
        ['strict.smtp', 'set its keys in the configuration file, below strict.smtp, or by STRICT__SMTP__…'],
      ]);
    });

    it('never shows a secret, nor the value of an unknown key, nor one that stands somewhere else', async () => {
      const error = await load({
        sections: [StrictConfig],
        overrides: {
          strict: {
            name: ['hunter2-secret'],
            password: 'hunter2-secret',
            pasword: 'hunter2-secret',
            smtp: 'hunter2-secret',
          },
        },
      }).catch((thrown: unknown) => thrown as Error);
      expect((error as Error).message)
        .to.include('strict.pasword')
        .and.not.include('hunter2');
    });

    it('says where a value came from that breaks a rule of its class', async () => {
      const [violation] = await violations({ env: { INVOICES__BATCH_SIZE: '0' } });
      expect(violation).to.include({
        path: 'invoices.batchSize',
        rule: 'must not be less than 1',
        received: '0',
        from: 'environment variable INVOICES__BATCH_SIZE',
      });
    });

    it('refuses a secret that is too short, without showing it', async () => {
      const [violation] = await violations({ overrides: { invoices: { apiKey: 'abc' } } });
      expect(violation).to.include({ path: 'invoices.apiKey', received: '3 characters' });
    });
  });

  it('gives instances of the classes, frozen through and through', async () => {
    const config = (await load()).instance(InvoiceConfig);
    expect(config).to.be.instanceOf(InvoiceConfig);
    expect(config.smtp).to.be.instanceOf(Smtp);
    for (const part of [config, config.smtp, config.tags]) expect(Object.isFrozen(part)).to.equal(true);
  });

  it('freezes also what lies below a default that was frozen on top, or that leads back to itself', async () => {
    const below = { host: 'localhost' };
    const round: { self?: object } = {};
    round.self = round;
    @configuration('defaults')
    class Defaults {
      readonly hosts = Object.freeze([below]);
      readonly round = round;
      @IsInt() port = 25;
    }
    const config = (await load({ sections: [Defaults] })).instance(Defaults);
    for (const part of [config, config.hosts[0], config.round]) expect(Object.isFrozen(part)).to.equal(true);
  });

  it('makes secrets known before anything is logged, and masks them in its entries', async () => {
    const vault = new SecretVault();
    const config = await load({ overrides: { invoices: { apiKey: 'swordfish-42' } }, vault });
    expect(vault.scrub('swordfish-42')).to.equal('******');
    expect(config.entries().find(({ path }) => path === 'invoices.apiKey')?.value).to.equal('******');
  });

  it('masks whatever stands in a value that no schema describes, and shows its keys', async () => {
    @configuration('open')
    class OpenConfig {
      @IsObject() headers: Record<string, unknown> = {};
    }
    const overrides = { open: { headers: { accept: 'text/plain', tokens: ['swordfish-42', { deep: 7_000_001 }] } } };
    const entries = (await load({ sections: [OpenConfig], overrides })).entries();
    const shown = entries.filter(({ path }) => path.startsWith('open.'));
    expect(shown.map(({ path, value }) => [path, value])).to.deep.equal([
      ['open.headers.accept', '******'],
      ['open.headers.tokens.0', '******'],
      ['open.headers.tokens.1.deep', '******'],
    ]);
  });

  it('refuses a class without @configuration(), and two classes for one section', async () => {
    class Untagged {}
    @configuration('invoices')
    class Rival {}
    for (const sections of [[Untagged], [InvoiceConfig, Rival]]) {
      const error = await load({ sections }).catch((thrown: unknown) => thrown as Error);
      expect(error).to.include({ code: 'DECORATOR_MISUSED' });
    }
  });

  for (const section of ['plba', '', '__proto__', 'a b', 'Invoices']) {
    it(`refuses the section name ${JSON.stringify(section)}`, () => {
      expect(() => {
        configuration(section)(class {});
      })
        .to.throw(section)
        .with.property('code', 'DECORATOR_MISUSED');
    });
  }
});
