import { expect } from 'chai';
import { readOpenMetrics } from '../support/openmetrics.js';
import { ask } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import {
  type Application,
  ApplicationModule,
  createApplication,
  every,
  type ModuleBuilder,
  type Outcome,
  RoutineWorker,
  worked,
  worker,
} from 'plba';

@worker({ name: 'intake', trigger: every('1h') })
class Intake extends RoutineWorker {
  protected override run(): Promise<Outcome> {
    return Promise.resolve(worked({ items: 2 }));
  }
}

class IntakeModule extends ApplicationModule {
  readonly name = 'intake-application';
  override assemble(module: ModuleBuilder): void {
    module.worker(Intake);
  }
}

const token = 'a token that is long enough';

describe('GET /metrics', () => {
  let application: Application;
  let port: number;

  before(async () => {
    application = createApplication(IntakeModule, {
      directory: '/nonexistent',
      env: {},
      config: { plba: { control: { port: 0, token } } },
      logDestination: { write: () => undefined },
    });
    await application.start();
    port = application.controlAddress?.port ?? 0;
  });
  after(() => application.stop());

  const scrape = async (accept: string): Promise<{ text: string; type: string | undefined }> => {
    const { text, headers } = await ask(port, { path: '/metrics', headers: { ...bearer(token), accept } });
    return { text, type: headers['content-type'] };
  };

  it('is for those who may read', async () => {
    expect((await ask(port, { path: '/metrics' })).status).to.equal(401);
  });

  it('is text of Prometheus', async () => {
    const { text, type } = await scrape('text/plain');
    expect(type).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(text).to.contain('\nplba_worker_state{plba_worker="intake",plba_state="running"} 1\n');
  });

  it('is OpenMetrics for those who accept it', async () => {
    const { text, type } = await scrape('application/openmetrics-text; version=1.0.0, text/plain; q=0.5');
    expect(type).to.equal('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(readOpenMetrics(text).map(({ name }) => name)).to.include('plba_worker_state');
  });

  it('counts what the control plane has answered, with no path that a stranger made up', async () => {
    await ask(port, { path: '/health/live' });
    await ask(port, { path: '/made-up', headers: bearer(token) });
    await ask(port, { path: '/workers/made-up', headers: bearer(token) });
    await ask(port, { path: '/metrics', method: 'MADEUP', headers: bearer(token) }).catch(() => undefined);
    const { text } = await scrape('text/plain');
    expect(text).to.contain(
      'plba_control_requests_total{http_request_method="GET",http_route="/health/<group>",http_response_status_code="200"} 1\n',
    );
    expect(text).to.contain('{http_request_method="GET",http_route="",http_response_status_code="404"} 1\n');
    expect(text).to.contain(
      '{http_request_method="GET",http_route="/workers/<name>",http_response_status_code="404"} 1\n',
    );
    expect(text).not.to.contain('made-up');
  });
});
