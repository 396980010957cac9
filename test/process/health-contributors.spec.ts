import { expect } from 'chai';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from '../fakes/control-client.js';
import { Program } from '../support/child-process.js';

const key = 'hush-hush/&hush=1';
/** The shortest part of the secret that gives something away. */
const head = key.slice(0, 5);

interface Member {
  readonly raw: string;
  readonly reason?: string;
  readonly details?: { readonly asked?: number };
}

describe('health contributors of a process', function () {
  this.timeout(120_000);
  let program: Program;
  let port: number;

  before(async () => {
    program = new Program(join('test', 'process', 'fixtures', 'contributors.ts'), { env: { KEYS__PARTNER: key } });
    port = Number(new URL(await program.controlUrl()).port);
  });
  after(() => program[Symbol.asyncDispose]());

  const members = async (): Promise<Readonly<Record<string, Member | undefined>>> =>
    (await ask(port, { path: '/health' })).json['contributors'] as Record<string, Member>;

  /** Asks until what is known of a contributor is as wanted. */
  const until = async (name: string, isThere: (member: Member) => boolean): Promise<Member> => {
    for (;;) {
      const member = (await members())[name];
      if (member !== undefined && isThere(member)) return member;
      await wait(20);
    }
  };

  it('that hang, throw, or block the loop for 2 s are unhealthy, say why, and hold up nobody else', async () => {
    await program.line('has blocked');
    const blocked = await until('blocks', ({ reason }) => reason !== 'not asked yet');
    expect(blocked).to.deep.include({ raw: 'unhealthy', reason: 'no answer within 500ms' });
    const hung = await until('hangs', ({ reason }) => reason !== 'not asked yet');
    expect(hung).to.deep.include({ raw: 'unhealthy', reason: 'no answer within 300ms' });
    const threw = await until('throws', ({ reason }) => reason !== 'not asked yet');
    expect(threw).to.deep.include({ raw: 'unhealthy', reason: 'the partner refused the connection' });
    const askedOf = ({ details }: Member): number => details?.asked ?? 0;
    const before = askedOf(await until('good', (member) => askedOf(member) > 0));
    // Ten further checks of the one that is well, while another hangs: nobody waits for anybody.
    expect(await until('good', (member) => askedOf(member) >= before + 10)).to.include({ raw: 'ok' });
    const asked = program.stderr.filter((line) => line === 'hangs is asked');
    expect(asked, 'one that hangs keeps its only place').to.have.length(1);
    expect((await ask(port, { path: '/health/live' })).status).to.equal(200);
  });

  it('that leak a secret in reason and details show it nowhere, nor the head of it where a text was cut', async () => {
    expect((await until('leaks', ({ raw }) => raw === 'degraded')).reason).to.include('******');
    const outlets = [
      ...(await Promise.all(
        ['/health', '/health/ready', '/health?format=microprofile', '/metrics', '/status'].map(async (path) => ({
          path,
          text: (await ask(port, { path })).text,
        })),
      )),
      {
        path: 'health+json',
        text: (await ask(port, { path: '/health', headers: { Accept: 'application/health+json' } })).text,
      },
      { path: 'the output', text: program.output() },
    ];
    for (const { path, text } of outlets) expect(text, path).not.to.equal('').and.not.to.include(head);
  });

  it('that are slow are asked once, however many requests come meanwhile, and keep none of these waiting', async () => {
    await program.line('slow is asked');
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ask(port, { path: index % 2 === 0 ? '/health' : '/health/slow' })),
    );
    // All of these were answered while the one question was open: it is answered by the signal below.
    expect(replies.map(({ json }) => (json['contributors'] as Record<string, Member>)['slow']?.reason)).to.deep.equal(
      Array.from({ length: 100 }, () => 'not asked yet'),
    );
    expect(program.stderr.filter((line) => line === 'slow is asked')).to.have.length(1);
    program.kill('SIGUSR2');
    expect(await until('slow', ({ raw }) => raw === 'ok')).not.to.have.property('reason');
  });
});
