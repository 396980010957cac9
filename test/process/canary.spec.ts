import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Program } from '../support/child-process.js';
import { startReceiver } from '../support/otlp-receiver.js';

/** Of several shapes. What has six characters that stand for the whole of it is looked for as that. */
const secrets = {
  plain: 'plain-canary-1',
  strange: 'p@ss/"w+rd\\ <&>=ä%-canary-2',
  mounted: '-----BEGIN KEY-----\nmounted-canary-3\nabc+/=\n-----END KEY-----',
  listed: ['listed-canary-4', '4444444444'],
  registered: 'registered-canary-5',
  byDefault: 'default-canary-6',
  token: 'token-canary-7',
};
const values = Object.values(secrets).flat();

/** Everything that would give a secret away: as it is and in the encodings that come along on the way out. */
function traces(secret: string): string[] {
  const inner = secret.includes('\n') ? [secret, 'mounted-canary-3'] : [secret];
  return inner.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1),
    Buffer.from(`user:${text}`).toString('base64').slice(8, -4),
  ]);
}

describe('a secret', function () {
  this.timeout(90_000);

  it('is sighted nowhere: no log line, answer, problem, event, span or report, in no encoding', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plba-canary-'));
    mkdirSync(join(directory, 'config'));
    const key = join(directory, 'key');
    const file = join(directory, 'config', 'application.json');
    const write = (more: object = {}): void => {
      const { plain, strange, listed } = secrets;
      const canary = { plain, strange, listed, free: { inner: secrets.registered }, ...more };
      writeFileSync(file, JSON.stringify({ canary, plba: { logging: { captureConsole: true, level: 'trace' } } }));
    };
    writeFileSync(key, `${secrets.mounted}\n`);
    write();
    const outlets = new Map<string, string>();
    try {
      await using program = new Program('test/process/fixtures/canary.ts', {
        env: {
          CANARY_DIRECTORY: directory,
          CANARY__MOUNTED_FILE: key,
          PLBA__CONTROL__TOKEN: secrets.token,
        },
      });
      const url = await program.controlUrl();
      const headers = { Authorization: `Bearer ${secrets.token}`, 'Content-Type': 'application/json' };
      const ask = async (method: string, path: string, body?: string): Promise<void> => {
        const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
        const answered = [...response.headers].map(([name, value]) => `${name}: ${value}`);
        outlets.set(`${method} ${path} ${body ?? ''}`, [...answered, await response.text()].join('\n'));
      };
      // All events from now on, as long as the application is there.
      const events = fetch(`${url}/events`, { headers }).then((response) => response.text());
      await program.line('run failed');
      await program.line('run partial');
      for (const path of [
        ...['/', '/health', '/health/ready', '/status', '/workers', '/workers/bird', '/workers/bird/runs'],
        ...[
          '/config',
          '/loggers',
          '/metrics',
          '/traces',
          '/openapi.json',
          '/nowhere',
          `/workers/${encodeURIComponent(secrets.plain)}`,
        ],
      ])
        await ask('GET', path);
      for (const secret of values.slice(0, 3)) {
        await ask('PUT', `/loggers/${encodeURIComponent(secret)}`, JSON.stringify({ level: secret }));
        await ask('PUT', '/loggers/default', JSON.stringify({ level: 'debug', reason: `because of ${secrets.plain}` }));
        await ask('POST', '/workers/bird/pause', JSON.stringify({ [secret]: true }));
        await ask('POST', '/workers/bird/pause', secret);
      }
      await ask('POST', '/config/reload');
      write({ plain: [secrets.plain], [secrets.plain]: secrets.plain, strange: 5, byDefault: 'short' });
      await ask('POST', '/config/reload');
      expect(outlets.get('POST /config/reload ')).to.include('CONFIG_INVALID');
      await ask('GET', '/health');
      await ask('GET', '/config');
      await ask('GET', '/audit');
      await ask('POST', '/workers/bird/run');
      const [newest] = JSON.parse(outlets.get('GET /workers/bird/runs ')?.split('\n').at(-1) ?? '') as { id: string }[];
      await ask('GET', `/workers/bird/runs/${newest?.id ?? ''}`);
      program.kill('SIGTERM');
      await program.ended;
      outlets.set('GET /events', await events);
      outlets.set('standard output', program.stdout.join('\n'));
      outlets.set('standard error', program.stderr.join('\n'));

      expect(outlets.get('standard error')).to.include('spans [{');
      expect(outlets.get('GET /metrics ')).to.match(/canary_songs_total\{song="[^"]*\*\*\*\*\*\*/);
      expect(outlets.get('standard output')).to.include('"stop":');
      expect(outlets.get('GET /events')).to.include('run-ended').and.include('health').and.include('configuration');
      expect(outlets.get('GET /audit ')).to.include('because of ******');
      expect(outlets.get('GET /traces ')).to.include('bird run');
      expect(outlets.get('GET /config ')).to.include('canary.plain').and.include('******');
      for (const [outlet, text] of outlets) expect(text, `${outlet} is empty`).not.to.equal('');
      const sightings = [...outlets].flatMap(([outlet, text]) =>
        values
          .flatMap((secret) => traces(secret).filter((trace) => text.includes(trace)))
          .map(
            (trace) =>
              `${trace} in ${outlet}: ${text.slice(Math.max(0, text.indexOf(trace) - 80), text.indexOf(trace) + 60)}`,
          ),
      );
      expect(sightings.join('\n')).to.equal('');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is in nothing that a collector is sent, nor in what is said of an error that ends the process', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plba-canary-'));
    mkdirSync(join(directory, 'config'));
    const receiver = await startReceiver();
    try {
      const { plain, strange, mounted, listed } = secrets;
      writeFileSync(
        join(directory, 'config', 'application.json'),
        JSON.stringify({ canary: { plain, strange, mounted, listed } }),
      );
      await using program = new Program('test/process/fixtures/canary.ts', {
        env: {
          CANARY_DIRECTORY: directory,
          CANARY_END: 'throws',
          PLBA__TELEMETRY__OTLP__ENDPOINT: receiver.endpoint,
          PLBA__TELEMETRY__OTLP__PROTOCOL: 'http/json',
          PLBA__LOGGING__PRETTY: 'true',
          PLBA__LOGGING__CAPTURE_CONSOLE: 'true',
        },
      });
      expect((await program.ended).code).to.equal(3);
      const sent = receiver.bodies.join('\n');
      expect(sent).to.include('"bird run"').and.include('canary.songs').and.include('******');
      expect(program.output()).to.include('fatal process error').and.include('******');
      const outlets = { 'what was sent': sent, 'what was said': program.output() };
      const sightings = Object.entries(outlets).flatMap(([outlet, text]) =>
        values
          .filter((value) => value !== secrets.token)
          .flatMap((secret) => traces(secret).filter((trace) => text.includes(trace)))
          .map(
            (trace) =>
              `${trace} in ${outlet}: ${text.slice(Math.max(0, text.indexOf(trace) - 80), text.indexOf(trace) + 60)}`,
          ),
      );
      expect(sightings.join('\n')).to.equal('');
    } finally {
      await receiver.close();
      rmSync(directory, { recursive: true });
    }
  });

  it('is not in the report of a start that fails', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plba-canary-'));
    mkdirSync(join(directory, 'config'));
    try {
      const canary = { plain: secrets.plain, strange: [secrets.strange], free: secrets.plain, [secrets.plain]: 1 };
      writeFileSync(join(directory, 'config', 'application.json'), JSON.stringify({ canary }));
      await using program = new Program('test/process/fixtures/canary.ts', { env: { CANARY_DIRECTORY: directory } });
      expect((await program.ended).code).to.equal(2);
      const text = program.output();
      expect(text).to.include('canary.strange').and.include('canary.mounted');
      for (const secret of [secrets.plain, secrets.strange])
        for (const trace of traces(secret)) expect(text).not.to.include(trace);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is not in what a worker says whose start fails', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plba-canary-'));
    mkdirSync(join(directory, 'config'));
    try {
      const { plain, strange, mounted, listed } = secrets;
      const canary = { plain, strange, mounted, listed };
      writeFileSync(join(directory, 'config', 'application.json'), JSON.stringify({ canary }));
      await using program = new Program('test/process/fixtures/canary.ts', {
        env: { CANARY_DIRECTORY: directory, CANARY_START: 'fails' },
      });
      expect((await program.ended).code).to.equal(1);
      const text = program.output();
      expect(text).to.include('did not start').and.include('******');
      for (const secret of values.filter((value) => value !== secrets.token))
        for (const trace of traces(secret)) expect(text).not.to.include(trace);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
