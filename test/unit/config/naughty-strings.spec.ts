import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { IsString } from 'class-validator';
import { configuration } from 'plba';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { createLogging } from '../../../src/logging/logging.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';
import { withSharedCases } from '../../support/shared-cases.js';

@configuration('texts')
class TextConfig {
  @IsString() value = 'default';
}

describe('the naughty strings', () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'plba-naughty-'));
    mkdirSync(join(directory, 'config'));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  const load = async (env: Record<string, string> = {}, set: readonly string[] = []): Promise<string> => {
    const request = { directory, env, set, overrides: {}, sections: [TextConfig], workerNames: [] };
    return (await loadConfiguration({ ...request, vault: new SecretVault() })).instance(TextConfig).value;
  };

  withSharedCases<{ b64: readonly string[] }>('naughty-strings.json', ({ b64 }) => {
    it('are all here', () => {
      expect(b64).to.have.length(515);
    });

    b64.forEach((encoded, at) => {
      const text = Buffer.from(encoded, 'base64').toString('utf8');
      const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

      it(`${at}: ${shown} arrives as it is in configuration, and as one clean line in the log`, async () => {
        const file = join(directory, 'config', 'application.json');
        // Otherwise "${" would mean a variable.
        writeFileSync(file, JSON.stringify({ texts: { value: text.replaceAll('${', () => '$${') } }));
        expect(await load()).to.equal(text);
        rmSync(file);
        expect(await load({ TEXTS__VALUE: text })).to.equal(text);
        expect(await load({}, [`texts.value=${text}`])).to.equal(text);

        const raw: string[] = [];
        const logging = await createLogging({ application: 'a', destination: { write: (line) => raw.push(line) } });
        logging.logger('naughty').info({ field: text, [text]: 1 }, text);
        expect(raw).to.have.length(1);
        // eslint-disable-next-line no-control-regex -- controls are what must not be there
        expect(raw[0]).to.match(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+\n$/);
        expect(JSON.parse(raw[0] ?? '')).to.include({ field: text, msg: text });
      });
    });
  });
});
