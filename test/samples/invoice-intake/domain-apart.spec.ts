import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const sample = path.resolve(__dirname, '../../../samples/invoice-intake');

/** Where the business meets the platform. */
const meetingPlaces = ['main.ts', 'invoice-module.ts', 'invoice-config.ts', `workers${path.sep}`];

/** Names that a file imports: `plba`, `./places.js`. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(sample, file), 'utf8');
  return [...text.matchAll(/(?:from|import) '([^']+)'/g)].map((match) => match[1]!);
}

describe('the business of the invoice intake', () => {
  const files = readdirSync(sample, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('node_modules'),
  );
  const business = files.filter((file) => !meetingPlaces.some((place) => file.startsWith(place)));

  it('knows nothing of its platform', () => {
    const platform = /^(plba|inversify|reflect-metadata|class-validator)(\/|$)/;
    const knowing = business.filter((file) => importsOf(file).some((name) => platform.test(name)));
    expect(knowing).to.deep.equal([]);
    expect(business.length).to.be.greaterThan(30); // else it has not met what it is about
  });

  it('imports nothing from where it meets it', () => {
    const meeting = /invoice-(module|config)\.js$|workers\//;
    expect(business.filter((file) => importsOf(file).some((name) => meeting.test(name)))).to.deep.equal([]);
  });
});
