// Loads a configuration with the runtime: a start first, then reloads, which read, check and compare all of it.
import { Big, directory, loadMany } from './settings.mjs';

const { ApplicationModule, configuration, createApplication } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

configuration('big')(Big);
class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    module.config(Big);
  }
}
const application = createApplication(BenchModule, {
  directory,
  env: {},
  config: { plba: { control: { enabled: false }, logging: { level: 'error' } } },
});
await loadMany(
  () => application.start(),
  () => application.operator.reload('bench'),
);
await application.stop();
process.exit();
