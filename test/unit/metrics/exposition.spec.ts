import { expect } from 'chai';
import fc from 'fast-check';
import type { MetricFamily } from '../../../src/contracts/metrics.js';
import { acceptedExposition, openMetricsText, prometheusText } from '../../../src/metrics/exposition.js';
import { MetricRegistry } from '../../../src/metrics/metric-registry.js';
import { readOpenMetrics } from '../../support/openmetrics.js';
import { needsPromtool, promtool } from '../../support/promtool.js';

function example(): MetricRegistry {
  const registry = new MetricRegistry();
  const posted = registry.counter('invoices.posted', {
    description: 'Invoices that were posted, "all"\nof them',
    unit: '{invoice}',
    labels: ['partner'],
  });
  posted.add(2, { partner: 'A&B "quoted" \\ back\nline' });
  posted.add(1, { partner: '' });
  registry.gauge('ledger.size', { description: 'Size of the ledger', unit: 'By' }).set(1_234.5);
  const took = registry.histogram('post.duration', { description: 'Time to post', unit: 's', buckets: [0.1, 1, 10] });
  for (const seconds of [0.05, 0.1, 0.5, 100]) took.record(seconds);
  return registry;
}

const own = (registry: MetricRegistry): MetricFamily[] =>
  registry.collect().filter(({ name }) => !name.startsWith('plba.'));

describe('the text of metrics', () => {
  it('is the text format of Prometheus', () => {
    expect(prometheusText.write(own(example()))).to.equal(
      [
        '# HELP invoices_posted_total Invoices that were posted, "all"\\nof them',
        '# TYPE invoices_posted_total counter',
        'invoices_posted_total{partner="A&B \\"quoted\\" \\\\ back\\nline"} 2',
        'invoices_posted_total{partner=""} 1',
        '# HELP ledger_size_bytes Size of the ledger',
        '# TYPE ledger_size_bytes gauge',
        'ledger_size_bytes 1234.5',
        '# HELP post_duration_seconds Time to post',
        '# TYPE post_duration_seconds histogram',
        'post_duration_seconds_bucket{le="0.1"} 2',
        'post_duration_seconds_bucket{le="1.0"} 3',
        'post_duration_seconds_bucket{le="10.0"} 3',
        'post_duration_seconds_bucket{le="+Inf"} 4',
        'post_duration_seconds_sum 100.65',
        'post_duration_seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  it('is OpenMetrics with units and an end, where that is accepted', () => {
    const families = readOpenMetrics(openMetricsText.write(example().collect()));
    expect(families.map(({ name, type, unit }) => `${name} ${type} ${unit}`)).to.deep.equal([
      'invoices_posted counter ',
      'ledger_size_bytes gauge bytes',
      'post_duration_seconds histogram seconds',
    ]);
    expect(families[0]?.samples[0]?.labels.get('partner')).to.equal('A&B "quoted" \\ back\nline');
  });

  for (const [accept, isOpen] of [
    ['application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain', true],
    ['application/openmetrics-text; charset=utf-8', true],
    ['application/openmetrics-text;version=2.0.0', false],
    ['application/openmetrics-text;q=0, text/plain', false],
    ['text/html,*/*;q=0.8', false],
    [undefined, false],
  ] as const)
    it(`answers ${isOpen ? 'OpenMetrics' : 'Prometheus text'} to Accept: ${accept ?? '(none)'}`, () => {
      expect(acceptedExposition(accept)).to.equal(isOpen ? openMetricsText : prometheusText);
    });

  it('stays readable and true whatever stands in labels and descriptions', function () {
    this.timeout(30_000);
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            text: fc.string({ unit: 'grapheme' }),
            value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
          }),
        ),
        fc.string({ unit: 'binary' }),
        (entries, description) => {
          const registry = new MetricRegistry();
          const gauge = registry.gauge('any.thing', { description, labels: ['text'] });
          const last = new Map(entries.map(({ text, value }) => [text, value]));
          for (const { text, value } of entries) gauge.set(value, { text });
          const [family] = readOpenMetrics(openMetricsText.write(own(registry)));
          const read = family?.samples.map(({ labels, value }) => [labels.get('text'), value]) ?? [];
          expect(read).to.deep.equal([...last]);
        },
      ),
    );
  });

  describe('as promtool sees it', () => {
    before(needsPromtool);

    it('has nothing to complain about', () => {
      expect(promtool(['check', 'metrics'], prometheusText.write(example().collect()))).to.equal('');
    });

    it('is complained about when it is wrong, so the check checks', () => {
      const broken = prometheusText.write(example().collect()).replace(' 1234.5', ' many');
      expect(promtool(['check', 'metrics'], broken)).not.to.equal('');
    });
  });
});
