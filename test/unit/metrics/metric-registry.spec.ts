import { expect } from 'chai';
import { MetricRegistry } from '../../../src/metrics/metric-registry.js';
import { caught } from '../../support/caught.js';

const valuesOf = (registry: MetricRegistry, name: string): [Record<string, string>, number][] =>
  (registry.find(name)?.points ?? []).map((point) => [point.labels, 'value' in point ? point.value : point.count]);

describe('the registry of metrics', () => {
  let registry: MetricRegistry;
  beforeEach(() => {
    registry = new MetricRegistry();
  });

  it('adds up a counter by its labels', () => {
    const counter = registry.counter('posted', { labels: ['partner', 'ok'] });
    counter.add(1, { partner: 'a', ok: true });
    counter.add(2, { partner: 'a', ok: true });
    counter.add(4, { partner: 'a', ok: false });
    expect(valuesOf(registry, 'posted')).to.deep.equal([
      [{ partner: 'a', ok: 'true' }, 3],
      [{ partner: 'a', ok: 'false' }, 4],
    ]);
  });

  it('keeps label values apart that look alike when put together', () => {
    const counter = registry.counter('posted', { labels: ['a', 'b'] });
    counter.add(1, { a: '1', b: '1:2' });
    counter.add(1, { a: '11:', b: '2' });
    counter.add(1, { a: '1:1', b: ':2' });
    expect(valuesOf(registry, 'posted')).to.have.length(3);
  });

  it('sets a gauge, and forgets it', () => {
    const gauge = registry.gauge('size', { labels: ['of'] });
    gauge.set(5, { of: 'a' });
    gauge.set(-2, { of: 'a' });
    gauge.set(1, { of: 'b' });
    gauge.remove({ of: 'b' });
    expect(valuesOf(registry, 'size')).to.deep.equal([[{ of: 'a' }, -2]]);
  });

  it('counts a value into the first bucket whose bound it does not exceed', () => {
    const histogram = registry.histogram('took', { buckets: [1, 2] });
    for (const value of [0, 1, 1.5, 2, 2.1]) histogram.record(value);
    expect(registry.find('took')?.points).to.deep.equal([
      { labels: {}, bounds: [1, 2], counts: [2, 2, 1], sum: 6.6, count: 5 },
    ]);
  });

  it('gives the same metric to whoever declares it alike', () => {
    expect(registry.counter('posted', { unit: '{x}' })).to.equal(registry.counter('posted', { unit: '{x}' }));
  });

  it('reads a metric that is kept elsewhere whenever it is collected', () => {
    let depth = 1;
    registry.observe('gauge', 'depth', { labels: ['queue'] }, (report) => {
      report(depth, { queue: 'q' });
    });
    expect(valuesOf(registry, 'depth')).to.deep.equal([[{ queue: 'q' }, 1]]);
    depth = 7;
    expect(valuesOf(registry, 'depth')).to.deep.equal([[{ queue: 'q' }, 7]]);
  });

  it('leaves out the metric whose reader throws, and no other', () => {
    registry.observe('gauge', 'broken', {}, () => {
      throw new Error('no');
    });
    registry.gauge('fine').set(1);
    expect(valuesOf(registry, 'broken')).to.deep.equal([]);
    expect(valuesOf(registry, 'fine')).to.deep.equal([[{}, 1]]);
    registry.collect();
    expect(valuesOf(registry, 'plba.metrics.refused')[0]?.[0]).to.deep.equal({ 'plba.metric': 'broken' });
  });

  describe('with values from outside', () => {
    it('counts together what exceeds the limit, and says so', () => {
      const counter = registry.counter('posted', { labels: ['partner'], limit: 2 });
      for (const partner of ['a', 'b', 'c', 'd', 'a']) counter.add(1, { partner });
      expect(valuesOf(registry, 'posted')).to.deep.equal([
        [{ partner: 'a' }, 2],
        [{ partner: 'b' }, 1],
        [{ 'otel.metric.overflow': 'true' }, 2],
      ]);
      expect(valuesOf(registry, 'plba.metrics.overflows')).to.deep.equal([[{ 'plba.metric': 'posted' }, 2]]);
    });

    it('keeps at most 2,000 series of a metric unless told otherwise', () => {
      const counter = registry.counter('posted', { labels: ['partner'] });
      for (let partner = 0; partner < 10_000; partner++) counter.add(1, { partner });
      expect(valuesOf(registry, 'posted')).to.have.length(2_001);
    });

    it('cuts off a label value that goes on and on', () => {
      registry.counter('posted', { labels: ['partner'] }).add(1, { partner: 'x'.repeat(1e6) });
      expect(valuesOf(registry, 'posted')[0]?.[0]['partner']?.length).to.be.lessThan(300);
    });

    it('never throws at a number that cannot be taken, but drops and counts it', () => {
      registry.counter('c').add(-1);
      registry.counter('c').add(NaN);
      registry.counter('c').add(Infinity);
      registry.gauge('g').set(NaN);
      registry.histogram('h').record(-1);
      registry.counter('l', { labels: ['partner'] }).add(1);
      for (const name of ['c', 'g', 'h', 'l']) expect(valuesOf(registry, name), name).to.deep.equal([]);
      const refused = valuesOf(registry, 'plba.metrics.refused').map(([labels, count]) => [
        labels['plba.metric'],
        count,
      ]);
      expect(refused).to.deep.equal([
        ['c', 3],
        ['g', 1],
        ['h', 1],
        ['l', 1],
      ]);
    });
  });

  describe('refuses', () => {
    const nothing = (): void => undefined;
    const cases: Record<string, () => unknown> = {
      'a name that cannot be exposed': () => registry.counter('1st'),
      'a name with a blank': () => registry.counter('a b'),
      'a unit that is none': () => registry.counter('a', { unit: 'sécondes' }),
      'the label of buckets': () => registry.histogram('a', { labels: ['le'] }),
      'two labels that would be the same': () => registry.counter('a', { labels: ['x.y', 'x_y'] }),
      'buckets that do not grow': () => registry.histogram('a', { buckets: [1, 1] }),
      'negative buckets': () => registry.histogram('a', { buckets: [-1, 1] }),
      'a limit of nothing': () => registry.counter('a', { limit: 0 }),
      'the same name for another kind': () => [registry.counter('a'), registry.gauge('a')],
      'the same name with other labels': () => [registry.counter('a'), registry.counter('a', { labels: ['b'] })],
      'two names that are exposed as one': () => [registry.counter('a.b'), registry.gauge('a_b_total')],
      'what is already read elsewhere': () => {
        registry.counter('a');
        registry.observe('counter', 'a', {}, nothing);
      },
    };
    for (const [what, declare] of Object.entries(cases))
      it(what, async () => {
        expect(await caught(declare)).to.include({ code: 'METRIC_INVALID' });
      });
  });
});
