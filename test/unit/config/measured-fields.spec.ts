import { expect } from 'chai';
import { IsInt, IsOptional, Max } from 'class-validator';
import { byteSize, configuration, duration } from 'plba';
import { parseByteSize } from '../../../src/config/byte-size.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { ConfigurationError } from '../../../src/config/violation.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

class Limits {
  @duration() pause = 250;
}

@configuration('mail')
class MailConfig extends Limits {
  @duration() every = 30_000;
  @byteSize() @IsInt() @Max(1_000_000) largest = 65_536;
  @IsOptional() @byteSize() free?: number;
}

async function load(values: object, env: Readonly<Record<string, string>> = {}): Promise<MailConfig> {
  const loaded = await loadConfiguration({
    directory: '/nonexistent',
    env,
    set: [],
    overrides: { mail: values },
    sections: [MailConfig],
    workerNames: [],
    vault: new SecretVault(),
  });
  return loaded.instance(MailConfig);
}

async function refusal(values: object, env?: Readonly<Record<string, string>>): Promise<string> {
  try {
    await load(values, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.violations.map(({ path, rule }) => `${path} ${rule}`).join();
    throw error;
  }
  return 'nothing';
}

describe('@duration()', () => {
  const good: [written: string | number, ms: number][] = [
    [0, 0],
    [1_500, 1_500],
    ['1500', 1_500],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['2h', 7_200_000],
  ];
  for (const [written, ms] of good) {
    it(`is ${ms} ms in the field for ${JSON.stringify(written)}, in a variable as well`, async () => {
      if (typeof written === 'number' || /[a-z]/.test(written))
        expect((await load({ every: written })).every).to.equal(ms);
      expect((await load({}, { MAIL__EVERY: String(written) })).every).to.equal(ms);
    });
  }

  for (const written of ['5', '5 minutes', '-1s', -1, 'PT5M', '', '5M', '1d', true, null, 3e9, [5], '99999d']) {
    it(`refuses ${JSON.stringify(written)}, and says what is allowed`, async () => {
      expect(await refusal({ every: written })).to.equal(
        'mail.every must be a duration: milliseconds, or a number with its unit such as "250ms", "30s", "5m", "2h"',
      );
    });
  }

  it('keeps the default of the class where nothing is said, and works in a base class', async () => {
    expect(await load({})).to.deep.include({ every: 30_000, pause: 250 });
    expect((await load({ pause: '2s' })).pause).to.equal(2_000);
  });
});

describe('@byteSize()', () => {
  const good: [written: string | number, bytes: number][] = [
    [0, 0],
    [512, 512],
    ['512B', 512],
    ['10KB', 10_000],
    ['10KiB', 10_240],
    ['64 KiB', 65_536],
    ['0.5MB', 500_000],
    ['1.1KB', 1_100],
  ];
  for (const [written, bytes] of good) {
    it(`is ${bytes} bytes in the field for ${JSON.stringify(written)}, in a variable as well`, async () => {
      expect((await load({ largest: written })).largest).to.equal(bytes);
      expect((await load({}, { MAIL__LARGEST: String(written) })).largest).to.equal(bytes);
    });
  }

  for (const written of ['10', '10kb', '10 mb', '1,5MB', '-1B', -1, 1.5, '0.3B', '1e3B', '', 'MB', true, null, '9PB']) {
    it(`refuses ${JSON.stringify(written)}, and says what is allowed`, async () => {
      expect(await refusal({ largest: written })).to.equal(
        'mail.largest must be a size: bytes, or a number with its unit such as "512B", "64KiB", "10MB"',
      );
    });
  }

  it('is a number for the validators beside it', async () => {
    expect(await refusal({ largest: '2MB' })).to.equal('mail.largest must not be greater than 1000000');
    expect((await load({ free: '1GiB' })).free).to.equal(1_073_741_824);
  });

  it('counts by 1000 and by 1024', () => {
    expect(['1KB', '1MB', '1GB'].map(parseByteSize)).to.deep.equal([1e3, 1e6, 1e9]);
    expect(['1KiB', '1MiB', '1GiB'].map(parseByteSize)).to.deep.equal([2 ** 10, 2 ** 20, 2 ** 30]);
  });
});
