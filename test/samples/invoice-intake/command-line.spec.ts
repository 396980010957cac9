import { expect } from 'chai';
import { configurationOf, readCommandLine } from '../../../samples/invoice-intake/command-line.js';

describe('the command line of the invoice intake', () => {
  const read: [args: string[], expected: object][] = [
    [[], { once: false, help: false }],
    [['--once'], { once: true, help: false }],
    [['--inbox', 'in', '--report=out.json'], { once: false, help: false, inbox: 'in', report: 'out.json' }],
    [['--set', 'plba.control.port=0', '--set=a.b=c'], { once: false, help: false }],
    [['--help'], { once: false, help: true }],
  ];
  for (const [args, expected] of read) {
    it(`understands "${args.join(' ')}"`, () => {
      expect(readCommandLine(args)).to.deep.equal(expected);
    });
  }

  const refused: [args: string[], says: RegExp][] = [
    [['--onec'], /'--onec'/],
    [['inbox'], /'inbox'/],
    [['--inbox'], /--inbox/],
    [['--inbox='], /--inbox' is empty/],
    [['--inbox', '--once'], /--inbox/],
    [['--inbox', 'a', '--inbox', 'b'], /--inbox' is given 2 times/],
    [['--once=yes'], /--once/],
  ];
  for (const [args, says] of refused) {
    it(`refuses "${args.join(' ')}" by name`, () => {
      expect(() => readCommandLine(args)).to.throw(TypeError, says);
    });
  }

  it('says nothing about what it was not told', () => {
    expect(configurationOf(readCommandLine([]))).to.deep.equal({ invoices: {} });
  });

  it('makes the workers run once, one after the other, for --once', () => {
    const { plba } = configurationOf(readCommandLine(['--once'])) as { plba: { workers: object } };
    expect(plba).to.have.nested.property('workers.intake.trigger', 'once');
    expect(plba).to.have.nested.property('workers.report.needs').that.deep.equals(['intake']);
  });
});
