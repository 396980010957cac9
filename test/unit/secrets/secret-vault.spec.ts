import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { clip } from '../../../src/plain/plain-value.js';
import { SecretVault } from '../../../src/secrets/secret-vault.js';

describe('the secret vault', () => {
  const vaultOf = (...secrets: string[]): SecretVault => {
    const vault = new SecretVault();
    for (const secret of secrets) vault.register(secret);
    return vault;
  };

  const forms: [what: string, of: (secret: string) => string][] = [
    ['as it is', (secret) => `the key is ${secret}.`],
    ['in JSON', (secret) => JSON.stringify({ key: secret })],
    ['in a URL', (secret) => `http://u:${encodeURIComponent(secret)}@host/?k=${encodeURIComponent(secret)}`],
    ['in a form', (secret) => String(new URLSearchParams({ key: secret }))],
    ['in a URL with small hexadecimal digits', (secret) => percent(secret).toLowerCase()],
    ['in a URL within a URL', (secret) => `?next=${encodeURIComponent(`/?k=${encodeURIComponent(secret)}`)}`],
    ['as the password of a URL', (secret) => passwordUrl(secret)],
    ['in JSON within JSON', (secret) => JSON.stringify({ body: JSON.stringify({ key: secret }) })],
    ['in JSON for ASCII only', (secret) => JSON.stringify({ key: secret }).replace(/[^ -~]/g, unicodeEscape)],
    ['in JSON with escaped slashes', (secret) => JSON.stringify({ key: secret }).replaceAll('/', '\\/')],
    ['in HTML', (secret) => `<b title="${html(secret)}">${html(secret)}</b>`],
    ['in HTML with numbers', (secret) => secret.replace(/[^A-Za-z0-9_.~-]/gu, (c) => `&#${c.codePointAt(0) ?? 0};`)],
    ['indented line by line', (secret) => secret.replaceAll('\n', '\n    ')],
    ['with line ends of Windows', (secret) => secret.replaceAll('\n', '\r\n')],
    ['in base64', (secret) => Buffer.from(secret).toString('base64')],
    ['in base64 behind one byte', (secret) => Buffer.from(`:${secret}`).toString('base64')],
    ['in base64 behind two bytes', (secret) => Buffer.from(`u:${secret}:x`).toString('base64')],
    ['in base64 for URLs', (secret) => Buffer.from(`ü?${secret}~~`).toString('base64url')],
  ];
  const percent = (text: string): string =>
    [...Buffer.from(text)]
      .map((byte) =>
        byte > 0x40 && byte < 0x7b ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`,
      )
      .join('');
  const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const html = (text: string): string =>
    text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#39;');
  const passwordUrl = (secret: string): string => {
    const url = new URL('postgres://user@database/ledger');
    url.password = secret;
    return url.href;
  };
  const secrets = ['swordfish', 'a"b\\c\nd e', 'p@ss/w+rd=&?', 'päßwörd-ß', '(.*)+[a]|$^', '~~~???>>>~~~'];
  for (const [what, write] of forms) {
    it(`takes secrets out ${what}`, () => {
      for (const secret of secrets) {
        const scrubbed = vaultOf(secret).scrub(write(secret));
        expect(scrubbed).to.include('******');
        expect(scrubbed).to.not.include(secret);
      }
    });
  }

  it('takes out what is left of a secret where a text was cut, wherever in it that was', () => {
    const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
    const encodings = [
      (secret: string) => secret,
      inJson,
      (secret: string) => inJson(inJson(secret)),
      encodeURIComponent,
      (secret: string) => Buffer.from(secret).toString('base64').slice(0, -4),
    ];
    for (const secret of secrets) {
      for (const encode of encodings) {
        const encoded = encode(secret);
        for (let shown = 3; shown < encoded.length; shown++) {
          const scrubbed = vaultOf(secret).scrub(clip(`key: ${encoded}`, 5 + shown));
          expect(scrubbed).to.match(/^key: \*{6}… \(\d+ more characters\)$/);
        }
      }
    }
    const shown = inspect({ text: `${'.'.repeat(9_995)}swordfish` }, { maxStringLength: 10_000 });
    expect(shown).to.include('sword');
    expect(vaultOf('swordfish').scrub(shown)).to.not.include('sword');
    expect(vaultOf('swordfish').scrub('a fish with a sword… and swordplay')).to.equal(
      'a fish with a ******… and swordplay',
    );
    expect(vaultOf('swordfish').scrub('words…')).to.equal('words…');
  });

  it('leaves text without secrets as it is', () => {
    expect(vaultOf('swordfish').scrub('a fish with a sword')).to.equal('a fish with a sword');
    expect(new SecretVault().scrub('anything')).to.equal('anything');
  });

  it('takes out the whole of a secret that contains another', () => {
    expect(vaultOf('secret', 'secret-of-mine').scrub('x secret-of-mine y')).to.equal('x ****** y');
  });

  it('refuses a secret that would mask ordinary text', () => {
    expect(() => vaultOf('abc'))
      .to.throw()
      .with.property('code', 'SECRET_TOO_SHORT');
  });

  it('never lets a secret through, whatever it is and whatever surrounds it', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary', minLength: 6 }), text, (before, secret, after) => {
        const vault = vaultOf(secret);
        const lines = [before + secret + after, JSON.stringify(before + secret + after)];
        for (const line of lines)
          expect(vault.scrub(line).includes(secret) && !'******'.includes(secret)).to.equal(false);
      }),
    );
  });

  it('leaves nothing of any secret behind in a URL, in JSON within JSON and in base64, wherever it stands', () => {
    const text = fc.string({ unit: 'grapheme' });
    const encodings = [
      (line: string) => encodeURIComponent(line),
      (line: string) => String(new URLSearchParams({ line })),
      (line: string) => JSON.stringify({ body: JSON.stringify({ line }) }),
    ];
    fc.assert(
      fc.property(text, fc.string({ unit: 'grapheme', minLength: 6 }), text, (before, secret, after) => {
        const vault = vaultOf(secret);
        for (const encode of encodings) {
          const scrubbed = vault.scrub(encode(before + secret + after));
          expect(scrubbed).to.include('******');
        }
        const encoded = Buffer.from(before + secret + after).toString('base64');
        expect(vault.scrub(encoded)).to.include('******').and.not.equal(encoded);
      }),
    );
  });

  it('leaves alone whatever holds no secret', () => {
    const quiet = fc.stringMatching(/^[a-f0-9 {}":,]*$/);
    fc.assert(fc.property(quiet, (text) => vaultOf('swordfish', 'tr0ub4dor&3').scrub(text) === text));
  });
});
