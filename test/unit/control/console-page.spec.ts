import { expect } from 'chai';
import { deedOf } from '../../../src/control/console/page/deeds.js';
import { duration, fromNow, rate, utcTime } from '../../../src/control/console/page/format.js';
import { inLayers } from '../../../src/control/console/page/layers.js';
import { breakable } from '../../../src/control/console/page/long-words.js';
import { addressOf, placeOf } from '../../../src/control/console/page/place.js';
import { readList } from '../../../src/control/console/page/read-list.js';
import { sparkline } from '../../../src/control/console/page/sparkline.js';
import { startStretch } from '../../../src/control/console/page/start-stretch.js';
import { tokenIn } from '../../../src/control/console/page/token-in-text.js';
import { flatten, make } from '../../../src/control/console/page/tree.js';
import { latestOf } from '../../../src/control/console/page/troubles.js';

describe('on the page of the console', () => {
  for (const [ms, words] of [
    [0, '0 ms'],
    [0.4, '< 1 ms'],
    [12.3, '12 ms'],
    [999, '999 ms'],
    [1_234, '1.2 s'],
    [61_000, '1 min 1 s'],
    [7_200_000, '2 h'],
    [90_061_000, '1 d 1 h'],
    [Infinity, ''],
  ] as const)
    it(`${ms} ms are "${words}"`, () => {
      expect(duration(ms)).to.equal(words);
    });

  it('an instant is so long ago, or ahead', () => {
    const now = Date.parse('2026-01-05T08:00:00Z');
    expect(fromNow('2026-01-05T07:58:30Z', now)).to.equal('1 min 30 s ago');
    expect(fromNow('2026-01-05T08:00:12Z', now)).to.equal('in 12 s');
    expect(fromNow('2026-01-05T08:00:00.4Z', now)).to.equal('now');
  });

  it('an instant stands in UTC to the second', () => {
    expect(utcTime('2026-01-05T08:00:00.123Z')).to.equal('2026-01-05 08:00:00Z');
  });

  for (const [what, fields, words, about] of [
    ['POST /workers/intake/stop', undefined, 'Stop', 'intake'],
    ['POST /workers/a%2Fb/restart', { force: true }, 'Restart by force', 'a/b'],
    ['POST /workers/intake/run', undefined, 'Run now', 'intake'],
    ['PUT /loggers/default', { level: 'debug', for: '10m' }, 'Set level debug for 10m of', 'default'],
    ['PUT /loggers/default', { level: 'inherit' }, 'Take back the level of', 'default'],
    ['POST /config/reload', undefined, 'Reload the configuration', undefined],
    ['POST /shutdown', { force: true }, 'Shut down by force', undefined],
    ['POST /ledgers/sales/close', { note: 'x' }, 'POST /ledgers/sales/close {"note":"x"}', undefined],
    ['POST /workers/intake/explode', undefined, 'POST /workers/intake/explode', undefined],
    ['PUT /loggers/default', {}, 'PUT /loggers/default', undefined],
  ] as const)
    it(`${what} ${JSON.stringify(fields ?? '')} is told as "${words}"`, () => {
      const deed = deedOf({ what, ...(fields !== undefined && { fields }) });
      expect([deed.words, deed.about?.name]).to.deep.equal([words, about]);
    });

  it('a token is what was pasted, also as a whole link and with blanks around', () => {
    const here = 'http://127.0.0.1:8090';
    for (const before of [
      '',
      ' ',
      '#token=',
      `${here}/#token=`,
      `the console: ${here}/#token=`,
      '127.0.0.1:8090/#token=',
    ])
      expect(tokenIn(`${before}abc\n`, here), before).to.equal('abc');
    expect(tokenIn(`${here}/#token=`, here)).to.equal('');
  });

  for (const [link, page] of [
    ['http://127.0.0.1:8091/#token=abc', 'http://127.0.0.1:8091'],
    [' the console: HTTP://127.0.0.1:8091/#token=abc', 'http://127.0.0.1:8091'],
    ['https://127.0.0.1:8090/#token=abc', 'https://127.0.0.1:8090'],
    ['http://127.0.0.1:8090@bank.example/#token=abc', 'http://bank.example'],
    ['127.0.0.1:8091/#token=abc', 'http://127.0.0.1:8091'],
    ['localhost:8090/#token=abc', 'http://localhost:8090'],
    ['http://bank.example/?code=abc', 'http://bank.example'],
    ['http://[/#token=abc', 'http://[/'],
  ] as const)
    it(`the token of ${link.trim()} is not one for another page`, () => {
      expect(tokenIn(link, 'http://127.0.0.1:8090')).to.deep.equal({ page });
    });

  it('bars stand for the last runs, up to where some are missing', () => {
    const run = {
      id: 'r',
      worker: 'w',
      trigger: 'every',
      attempt: 1,
      started: '',
      traceId: '',
      durationMs: 5,
    } as const;
    const ended = { ...run, outcome: 'idle' } as const;
    const bars = sparkline([run, ended, { ...ended, runsDropped: 7 }, { ...ended, outcome: 'failed' }]);
    expect(bars?.attributes['aria-label']).to.equal('last 2 runs: 2 idle; 5 ms to 5 ms');
    expect(flatten(bars?.children ?? [])).to.have.lengthOf(2);
  });

  it('a word may be broken when it is as long as a path, and no other', () => {
    const path = '/var/lib/invoices/2026/inbox';
    expect(breakable('not found')).to.equal('not found');
    const tree = breakable(make('b', {}, `no ${path} here`, 7));
    const long = make('span', { class: 'long' }, path);
    expect(tree).to.deep.equal(make('b', {}, [['no ', long], ' here'], 7));
  });

  it('a rate comes from the latest runs, up to where some are missing', () => {
    const run = { id: 'r', worker: 'w', trigger: 'every', attempt: 1, started: '', traceId: '' } as const;
    expect(latestOf([run, run])).to.have.lengthOf(2);
    expect(latestOf([run, { ...run, runsDropped: 7 }, run, run])).to.have.lengthOf(2);
  });

  it('a rate is told by the unit in which it is at least one', () => {
    expect([rate(0.012), rate(1 / 30_000), rate(1 / 7_200_000)]).to.deep.equal(['12/s', '2/min', '0.5/h']);
  });

  for (const place of [
    { kind: 'overview' },
    { kind: 'audit' },
    { kind: 'worker', name: 'a.b_c', run: undefined },
    { kind: 'worker', name: 'ü/ #?%', run: 'run-1' },
  ] as const)
    it(`the address ${addressOf(place)} leads back to where it came from`, () => {
      expect(placeOf(addressOf(place))).to.deep.equal(place);
    });

  it('an address that means nothing leads to the overview', () => {
    for (const hash of ['', '#', '#/nowhere', '#/workers', '#/%zz'])
      expect(placeOf(hash)).to.deep.equal({ kind: 'overview' });
  });

  it('everything stands behind what it needs, and a line that passes a layer has a place there', () => {
    const layers = inLayers([
      { name: 'letters', needs: ['archive', 'partner'] },
      { name: 'partner', needs: ['posting'] },
      { name: 'posting', needs: ['not there'] },
      { name: 'archive', needs: [] },
    ]);
    const names = layers.map((layer) => layer.map(({ name, isBend }) => (isBend ? '-' : name)));
    expect(names.map((layer) => [...layer].sort())).to.deep.equal([
      ['archive', 'posting'],
      ['-', 'partner'],
      ['letters'],
    ]);
    const bend = layers[1]?.find(({ isBend }) => isBend);
    expect(bend?.needs).to.deep.equal(['archive']);
    expect(layers[2]?.[0]?.needs).to.include(bend?.name);
  });

  describe('a start is told apart into waiting and the worker itself', () => {
    const at = (worker: string, readyMs: number | undefined, ...waitedFor: string[]): Entry => ({
      ...{ worker, constructedMs: 0, startedMs: 10, waitedFor, ...(readyMs !== undefined && { readyMs }) },
    });
    type Entry = Parameters<typeof startStretch>[0];
    for (const [what, entry, others, turnMs] of [
      ['what waits for nothing has its turn at once', at('a', 50), [], 10],
      ['the last one that was waited for counts', at('a', 90, 'b', 'c'), [at('b', 30), at('c', 40)], 40],
      ['a contributor has no time of its own', at('a', 90, 'mailbox'), [], 10],
      ['no wait is longer than the way', at('a', 90, 'b'), [at('b', 95)], 90],
      ['a wait that goes on has no end', at('a', undefined, 'b'), [at('b', undefined)], Infinity],
    ] as [string, Entry, Entry[], number][])
      it(what, () => {
        expect(startStretch(entry, [entry, ...others]).turnMs).to.equal(turnMs);
      });
  });

  it('a list is found bare, or beside other things', () => {
    expect([readList([1]), readList({ when: 'now', entries: [2] }), readList({}), readList(null)]).to.deep.equal([
      [1],
      [2],
      [],
      [],
    ]);
  });

  it('nothing in a list of elements stands for nothing', () => {
    const child = make('b', { key: 7 });
    expect(flatten(['a', undefined, [false, child, 0]])).to.deep.equal(['a', child, '0']);
    expect(child).to.include({ tag: 'b', key: '7' });
  });
});
