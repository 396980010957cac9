import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readOpenMetrics } from '../../support/openmetrics.js';

interface Case {
  readonly id: string;
  readonly shouldParse: boolean;
  readonly b64: string;
}

const table = '../shared/data/cases/openmetrics.json';

describe("the tests' own reader of OpenMetrics, on the public table of texts", () => {
  const cases = existsSync(table) ? (JSON.parse(readFileSync(table, 'utf8')) as { cases: Case[] }).cases : [];

  before(function () {
    if (cases.length === 0) this.skip();
  });

  it('reads what must be readable, and refuses what must be refused', () => {
    const wrong = cases.filter(({ b64, shouldParse }) => isReadable(b64) !== shouldParse);
    expect(wrong.map(({ id }) => id)).to.deep.equal([]);
    expect(cases.filter(({ shouldParse }) => !shouldParse).length).to.be.greaterThan(100);
  });
});

function isReadable(b64: string): boolean {
  try {
    readOpenMetrics(Buffer.from(b64, 'base64').toString());
    return true;
  } catch {
    return false;
  }
}
