import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { stateDiagram, statesPageFile, withStateDiagram } from './state-diagram.js';

describe('the states of a worker', () => {
  it('stand in docs/lifecycle.md as a diagram of the table in force (npm run names:update draws it)', () => {
    const page = readFileSync(statesPageFile, 'utf8');
    expect(page).to.include(stateDiagram());
    expect(withStateDiagram(page)).to.equal(page);
  });
});
