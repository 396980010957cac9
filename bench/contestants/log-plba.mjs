// Log lines through the runtime: its guard against what must not leave the process, its sink, its count. With the form `secrets`
// it knows three secrets, which no line contains.
import { logMany } from './log-lines.mjs';
import { task } from './measured.mjs';

const { ApplicationModule, createApplication, tokens } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble() {}
}

const application = createApplication(BenchModule, {
  config: { plba: { control: { enabled: false }, logging: { pretty: false } } },
});
await application.start();
if (task.form === 'secrets') {
  const secrets = application.get(tokens.Secrets);
  for (const secret of ['tr0ub4dor&3', 'sk_live_51Hx8Zk2eZvKYlo2C', 'p@ss/w+rd=="x"']) secrets.register(secret);
}
await logMany(application.get(tokens.LoggerFactory).logger('invoices'));
await application.stop();
process.exit();
