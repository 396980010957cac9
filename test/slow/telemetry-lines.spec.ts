import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { repositoryOptions } from '../support/compile.js';
import { startReceiver } from '../support/otlp-receiver.js';

const runFile = promisify(execFile);
const root = process.cwd();

/** The lines of the SDK, as an application would install them. */
const lines = [
  { line: 2, api: '1.9', versions: { sdk: '^2.12.0', exporters: '^0.223.0', api: '1.9.1' } },
  { line: 3, api: '1.10', versions: { sdk: '^3.1.0', exporters: '^0.301.0', api: '^1.10.0' }, needs: [22, 15] },
] as const;

function isNodeAtLeast([major, minor]: readonly [number, number]): boolean {
  const [nowMajor = 0, nowMinor = 0] = process.versions.node.split('.').map(Number);
  return nowMajor > major || (nowMajor === major && nowMinor >= minor);
}

describe('the published package with the OpenTelemetry SDK', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'plba-telemetry-'));
  let tarball: string;

  before(async () => {
    await runFile('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { line, api, versions, ...more } of lines) {
    const needs = 'needs' in more ? more.needs : undefined;
    if (needs !== undefined && !isNodeAtLeast(needs)) {
      it(`of line ${line} needs Node.js ${needs.join('.')}, and this is ${process.versions.node}`);
      continue;
    }
    for (const encoding of ['proto', 'http'] as const) {
      it(`of line ${line} and API ${api} exports all of it, by exporters that end in -${encoding}`, async () => {
        const application = mkdtempSync(join(folder, `line-${line}-${encoding}-`));
        writeFileSync(join(application, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
        const sdk = ['sdk-trace', 'sdk-metrics', 'resources', 'context-async-hooks'];
        const exporters = [`exporter-trace-otlp-${encoding}`, `exporter-metrics-otlp-${encoding}`];
        await runFile(
          'npm',
          [
            ...[
              'install',
              '--no-audit',
              '--no-fund',
              '--ignore-scripts',
              '--loglevel=error',
              '--prefer-offline',
              tarball,
            ],
            ...[`@opentelemetry/api@${versions.api}`, 'inversify', 'reflect-metadata'],
            ...sdk.map((name) => `@opentelemetry/${name}@${versions.sdk}`),
            ...exporters.map((name) => `@opentelemetry/${name}@${versions.exporters}`),
          ],
          { cwd: application },
        );
        expect(versionOf(application, '@opentelemetry/sdk-trace')).to.match(new RegExp(`^${line}\\.`));
        expect(versionOf(application, '@opentelemetry/api')).to.match(new RegExp(`^${api}\\.`));
        const file = join(application, 'main.js');
        const compilerOptions = { ...repositoryOptions(), module: ts.ModuleKind.ESNext, noEmit: false };
        const source = readFileSync('test/slow/fixtures/exporting.ts', 'utf8');
        writeFileSync(file, ts.transpileModule(source, { compilerOptions }).outputText);

        const receiver = await startReceiver();
        const env = {
          ...process.env,
          PLBA__CONTROL__ENABLED: 'false',
          PLBA__TELEMETRY__OTLP__ENDPOINT: receiver.endpoint,
          PLBA__TELEMETRY__OTLP__PROTOCOL: encoding === 'proto' ? 'http/protobuf' : 'http/json',
        };
        await runFile(process.execPath, [file], { env, cwd: application });
        const { spans, metrics, resources } = receiver;
        await receiver.close();
        const roots = spans.filter(({ name }) => name === 'intake run');
        expect(roots).to.have.length(20);
        for (const { traceId, spanId } of roots) {
          const children = spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);
          expect(children.map(({ name }) => name)).to.have.members(['read', 'query']);
        }
        expect([...metrics]).to.include.members(['plba.runs', 'plba.run.duration', 'library.queries']);
        expect(resources.get('service.name')).to.equal('exporting');
      });
    }
  }
});

function versionOf(application: string, name: string): string {
  const manifest = readFileSync(join(application, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
