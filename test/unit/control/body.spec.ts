import { Readable } from 'node:stream';
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkBodyHeaders, decodeUtf8, readBody } from '../../../src/control/request/body-reader.js';
import { readFields } from '../../../src/control/request/body-fields.js';
import { type JsonValue, readJson } from '../../../src/control/request/json-reader.js';
import { PlbaError } from '../../../src/errors.js';

const codeOf = (refused: () => unknown): string => {
  try {
    refused();
  } catch (error) {
    if (error instanceof PlbaError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('checkBodyHeaders', () => {
  const length = { 'content-length': '2' };
  const cases: [headers: Record<string, string>, code: string][] = [
    [{}, 'accepted'],
    [{ 'content-length': '0', 'content-type': 'application/x-www-form-urlencoded' }, 'accepted'],
    [{ ...length, 'content-type': 'application/json' }, 'accepted'],
    [{ ...length, 'content-type': 'Application/JSON; charset=UTF-8' }, 'accepted'],
    [{ ...length, 'content-type': 'application/json;charset="utf-8"' }, 'accepted'],
    [{ ...length }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ 'transfer-encoding': 'chunked' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'text/plain' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'text/plain; application/json' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/jsonp' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/json, text/plain' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/json; charset=utf-16' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/problem+json' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ 'content-encoding': 'identity' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/json', 'content-encoding': 'br' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ ...length, 'content-type': 'application/json', 'content-encoding': '' }, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [{ 'content-length': '101', 'content-type': 'application/json' }, 'CONTROL_BODY_TOO_LARGE'],
  ];
  for (const [headers, code] of cases)
    it(`answers ${JSON.stringify(headers)} with ${code}`, () => {
      expect(
        codeOf(() => {
          checkBodyHeaders(headers, 100);
        }),
      ).to.equal(code);
    });
});

describe('readBody', () => {
  it('puts the pieces together', async () => {
    expect((await readBody(Readable.from([Buffer.from('{"a"'), Buffer.from(':1}')]), 7)).toString()).to.equal(
      '{"a":1}',
    );
  });

  it('takes exactly as much as it may', async () => {
    expect(await readBody(Readable.from([Buffer.alloc(16)]), 16)).to.have.length(16);
    expect(await refusalOf(readBody(Readable.from([Buffer.alloc(16), Buffer.alloc(1)]), 16))).to.equal(
      'CONTROL_BODY_TOO_LARGE',
    );
  });

  it('gives nothing for a stream that has ended before', async () => {
    const ended = Readable.from([]);
    await ended.toArray();
    expect(await readBody(ended, 16)).to.have.length(0);
  });

  it('refuses a body that breaks off, also one that has done so before', async () => {
    const body = new Readable({ read: () => undefined });
    const reading = readBody(body, 16);
    body.push('{"force"');
    body.destroy(new Error('reset'));
    expect(await refusalOf(reading)).to.equal('CONTROL_REQUEST_MALFORMED');
    expect(await refusalOf(readBody(body, 16))).to.equal('CONTROL_REQUEST_MALFORMED');
  });

  it('leaves no listener behind', async () => {
    const body = Readable.from([Buffer.from('{}')]);
    const before = body.eventNames();
    await readBody(body, 16);
    expect(body.eventNames()).to.deep.equal(before);
  });

  async function refusalOf(reading: Promise<Buffer>): Promise<string> {
    return reading.then(
      () => 'accepted',
      (error: unknown) => (error as PlbaError).code,
    );
  }
});

describe('decodeUtf8', () => {
  it('decodes UTF-8', () => {
    expect(decodeUtf8(Buffer.from('größe €𝄞'))).to.equal('größe €𝄞');
  });

  for (const [what, bytes] of [
    ['a lone byte', [0xe9]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(codeOf(() => decodeUtf8(Uint8Array.from(bytes)))).to.equal('CONTROL_BODY_INVALID');
    });
});

describe('readJson', () => {
  const plain = (value: JsonValue): unknown => JSON.parse(JSON.stringify(value));

  for (const text of [
    '{}',
    ' {"force" : true}\n',
    '{"a":[1,-0.5e3,"\\u00e9\\n",null,false,{"b":{}}]}',
    '"x"',
    '0',
    '[]',
  ])
    it(`reads ${JSON.stringify(text)} as JSON.parse does`, () => {
      expect(plain(readJson(text, 32))).to.deep.equal(JSON.parse(text));
    });

  const refused: [text: string, message: string][] = [
    ['', 'ends too early'],
    ['  ', 'ends too early'],
    ['{"force":true', 'comma'],
    ['{"force":true,}', 'comma too many'],
    ['[1,]', 'comma too many'],
    ['[,1]', 'no value'],
    ['{force:true}', 'key in double quotes'],
    ["{'force':true}", 'key in double quotes'],
    ['{"force":True}', 'no value'],
    ['{"force" true}', 'colon'],
    ['{} {}', 'more than one value'],
    ['{}x', 'more than one value'],
    ['{"force":true,"force":false}', 'twice'],
    ['{"force":true,"f\\u006frce":false}', 'twice'],
    ['{"__proto__":{"force":true}}', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['"a\nb"', 'no string'],
    ['"\\x"', 'no string'],
    ['"\\ud800"', 'surrogate'],
    ['1e999', 'too large'],
    ['01', 'more than one value'],
    ['+1', 'no value'],
    ['NaN', 'no value'],
    ['// nothing\n{}', 'no value'],
    ['\ufeff{}', 'no value'],
    ['['.repeat(33) + ']'.repeat(33), 'deeper than 32'],
    ['{"a":'.repeat(33) + '1' + '}'.repeat(33), 'deeper than 32'],
  ];
  for (const [text, message] of refused)
    it(`refuses ${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}`, () => {
      expect(() => readJson(text, 32)).to.throw(PlbaError, message);
    });

  it('takes as many levels as it may', () => {
    expect(() => readJson('['.repeat(32) + ']'.repeat(32), 32)).not.to.throw();
  });

  it('makes objects without a prototype', () => {
    expect(Object.getPrototypeOf(readJson('{"constructor":1}', 32))).to.equal(null);
  });

  it('reads a body of the largest size in any shape', () => {
    const size = 16 * 1024;
    for (const text of [`"${'a'.repeat(size - 2)}"`, `"${'\\n'.repeat(size / 2 - 1)}"`, ' '.repeat(size - 1) + '1'])
      expect(() => readJson(text, 32)).not.to.throw();
    for (const text of ['['.repeat(size), '{"a":'.repeat(size / 5), `"${'\\u'.repeat(size / 2)}`, '-'.repeat(size)])
      expect(() => readJson(text, 32)).to.throw(PlbaError);
  });

  describe('on the public table of JSON texts', () => {
    interface Case {
      readonly id: string;
      readonly expect: string;
      /** Missing where the text is too long for the table; those are below. */
      readonly b64?: string;
    }
    const table = '../shared/data/cases/json-parsing.json';
    const cases = readTable(table);
    function readTable(path: string): Case[] {
      if (!existsSync(path)) return [];
      const { cases: all } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
      return all.filter((entry) => entry.b64 !== undefined);
    }

    // Accepted by the standard, and refused here because readers differ in what they make of it.
    const stricter = new Set(['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']);

    before(function () {
      if (cases.length === 0) this.skip();
    });

    it('accepts what must be accepted, except for double keys', () => {
      for (const { id, b64 = '' } of cases.filter((entry) => entry.expect === 'accept'))
        expect(read(b64), id).to.equal(stricter.has(id) ? 'CONTROL_BODY_INVALID' : 'accepted');
    });

    it('refuses what must be refused', () => {
      for (const { id, b64 = '' } of cases.filter((entry) => entry.expect === 'reject'))
        expect(read(b64), id).to.equal('CONTROL_BODY_INVALID');
    });

    it('decides on the rest without falling over', () => {
      for (const { id, b64 = '' } of cases.filter((entry) => entry.expect.startsWith('either')))
        expect(read(b64), id).to.be.oneOf(['accepted', 'CONTROL_BODY_INVALID']);
    });

    const read = (b64: string): string => codeOf(() => readJson(decodeUtf8(Buffer.from(b64, 'base64')), 32));

    it('refuses nesting without end at once', () => {
      for (const text of ['['.repeat(100_000), '[{"":'.repeat(50_000)])
        expect(codeOf(() => readJson(text, 32))).to.equal('CONTROL_BODY_INVALID');
    });
  });
});

describe('readFields', () => {
  const kinds = { force: 'boolean', reason: 'text' } as const;
  const read = (text: string): object => ({ ...readFields(kinds, readJson(text, 32)) });

  it('reads the fields of a route', () => {
    expect(read('{"force":true,"reason":"stuck since 9"}')).to.deep.equal({ force: true, reason: 'stuck since 9' });
    expect(read('{}')).to.deep.equal({});
  });

  for (const body of ['null', '[]', '"force"', '1', 'true'])
    it(`refuses ${body}, which is no object`, () => {
      expect(() => read(body)).to.throw(PlbaError, 'must be a JSON object');
    });

  for (const value of ['"true"', '"false"', '1', '0', 'null', '[]', '[true]', '{}'])
    it(`refuses ${value} as a boolean`, () => {
      expect(() => read(`{"force":${value}}`)).to.throw(PlbaError, '"force" must be true or false');
    });

  for (const value of ['""', '1', 'null', '"a\\nb"', '"\\u001b[31m"', JSON.stringify('a'.repeat(501))])
    it(`refuses ${value.slice(0, 20)} as a text`, () => {
      expect(() => read(`{"reason":${value}}`)).to.throw(PlbaError, '"reason" must be a line of text');
    });

  it('refuses a field that it does not know, and says which it does', () => {
    for (const name of ['froce', 'Force', '', 'constructor', 'toString', 'hasOwnProperty'])
      expect(() => read(`{"${name}":true}`), name)
        .to.throw(PlbaError, `unknown field "${name}"`)
        .with.property('hint', 'this route takes force, reason');
  });

  it('does not repeat a name of any length', () => {
    expect(() => read(`{"${'x'.repeat(5000)}":1}`))
      .to.throw(PlbaError)
      .with.property('message')
      .with.length.below(120);
  });
});
