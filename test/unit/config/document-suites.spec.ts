import { expect } from 'chai';
import { parseDocument } from '../../../src/config/config-files.js';
import { DocumentError } from '../../../src/config/document-error.js';
import { readDotEnv } from '../../../src/config/dot-env.js';
import type { Raw } from '../../../src/config/raw.js';
import { withSharedCases } from '../../support/shared-cases.js';

interface Case {
  readonly id: string;
  readonly name?: string;
  readonly expect: string;
}

function plain(raw: Raw | undefined): unknown {
  if (raw === undefined) return null;
  if (raw.kind === 'value') return raw.value;
  if (raw.kind === 'list') return raw.items.map(plain);
  return Object.fromEntries([...raw.entries].map(([key, inner]) => [key, plain(inner)]));
}

/** What a document ends in, within a second: a value, or an error that has a line. */
async function end(text: string, isJson: boolean): Promise<{ value: unknown } | { error: DocumentError }> {
  const began = process.hrtime.bigint();
  try {
    return { value: plain(await parseDocument(text, 'application', isJson)) };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    expect(error.line)
      .to.be.at.least(1)
      .and.at.most(text.split(/\r\n|\r|\n/).length);
    return { error };
  } finally {
    expect(Number(process.hrtime.bigint() - began) / 1e9).to.be.lessThan(1);
  }
}

/** What a recipe such as `"[" x 100000` stands for; a second text is put at the end. */
function generated(recipe: string): Buffer {
  const [, text = '', count = '', end] = /^(".*") x (\d+)(?: \+ (".*"))?$/.exec(recipe) ?? [];
  return Buffer.from((JSON.parse(text) as string).repeat(Number(count)) + (JSON.parse(end ?? '""') as string));
}

describe('the JSON parsing suite', () => {
  // Those keep the last of two equal keys; here a key that comes twice is a mistake.
  const refused = new Set(['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']);
  withSharedCases<{ cases: readonly (Case & { b64?: string; generator?: string })[] }>(
    'json-parsing.json',
    ({ cases }) => {
      it('is whole', () => {
        expect(cases).to.have.length(318);
      });
      for (const { id, expect: expected, b64, generator } of cases) {
        it(`${expected}: ${id}`, async () => {
          const bytes = b64 === undefined ? generated(generator ?? '') : Buffer.from(b64, 'base64');
          let text: string;
          try {
            text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
          } catch {
            // Such a file is refused before it is parsed, whoever reads it.
            expect(expected).not.to.equal('accept');
            return;
          }
          const ended = await end(text, true);
          if (expected === 'reject' || refused.has(id)) expect(ended).to.have.property('error');
          else if (expected === 'accept') expect(ended).to.deep.equal({ value: JSON.parse(text) as unknown });
          else if ('value' in ended) expect(ended.value).to.deep.equal(JSON.parse(text));
        });
      }
    },
  );
});

describe('the YAML suite', () => {
  withSharedCases<{ cases: readonly (Case & { yaml: string; json?: string })[] }>('yaml-suite.json', ({ cases }) => {
    let equal = 0;
    it('is whole', () => {
      expect(cases).to.have.length(405);
    });
    for (const { id, name, expect: expected, yaml, json } of cases) {
      it(`${expected}: ${id} ${name ?? ''}`, async () => {
        const ended = await end(yaml, false);
        if (expected === 'reject') expect(ended).to.have.property('error');
        else if ('value' in ended && json !== undefined) {
          expect(ended.value).to.deep.equal(json.trim() === '' ? null : JSON.parse(json));
          equal++;
        }
      });
    }
    it('is accepted where its documents are one value of plain data', () => {
      expect(equal).to.be.at.least(230);
    });
  });
});

describe('the dotenv table', () => {
  const inline: readonly Readonly<Record<string, string>>[] = [
    { BUFFER: 'true' },
    { DUP: 'two' },
    ...Array<Record<string, string>>(3).fill({ SERVER: 'localhost', PASSWORD: 'password', DB: 'tests' }),
  ];
  // The usual readers cut a value at such a `#`.
  const refused = new Set(['INLINE_COMMENTS_SPACE']);
  const read = (text: string): { values: Map<string, string>; mistakes: readonly { line: number }[] } => {
    const { variables, mistakes } = readDotEnv(text);
    return { values: new Map([...variables].map(([name, { value }]) => [name, value])), mistakes };
  };

  withSharedCases<{
    files: readonly { id: string; b64: string; expect: Readonly<Record<string, string>> }[];
    inline: readonly string[];
  }>('dotenv.json', (table) => {
    for (const { id, b64, expect: expected } of table.files) {
      const text = Buffer.from(b64, 'base64').toString('utf8');
      for (const [name, value] of Object.entries(expected)) {
        it(`${id}: ${name}`, () => {
          const { values, mistakes } = read(text);
          if (!refused.has(name)) expect(values.get(name)).to.equal(value);
          else {
            const line = text.split('\n').findIndex((written) => written.startsWith(name)) + 1;
            expect(mistakes.map((mistake) => mistake.line)).to.deep.equal([line]);
            expect(values.has(name)).to.equal(false);
          }
        });
      }
    }
    table.inline.forEach((text, at) => {
      it(`inline: ${JSON.stringify(text)}`, () => {
        expect(Object.fromEntries(read(text).values)).to.deep.equal(inline[at]);
      });
    });
  });
});
