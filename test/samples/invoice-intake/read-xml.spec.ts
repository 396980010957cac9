import { expect } from 'chai';
import { readXml, type XmlReading } from '../../../samples/invoice-intake/xml/read-xml.js';
import { XmlRefused } from '../../../samples/invoice-intake/xml/xml-refused.js';
import { rejectionOf } from './rejection-of.js';

const reading: XmlReading = {
  limits: { maxBytes: 2_000_000, maxDepth: 20, maxElements: 1000, maxAttributes: 10 },
  prefixes: new Map([['urn:one', 'one']]),
  skip: new Set(['one:attachment']),
};
const read = (text: string | Uint8Array) => readXml(typeof text === 'string' ? Buffer.from(text) : text, reading);

/** Ten times ten times ten …: expanded, these few lines are a gigabyte. */
const entityBomb = `<!DOCTYPE a [<!ENTITY x0 "ha">${Array.from(
  { length: 9 },
  (_, at) => `<!ENTITY x${at + 1} "${`&x${at};`.repeat(10)}">`,
).join('')}]><a>&x9;</a>`;

describe('reading XML', () => {
  it('names elements in prefixes of its own', async () => {
    const root = await read('<p:a xmlns:p="urn:one" xmlns:q="urn:two"><q:b/><c/></p:a>');
    expect([root.name, ...root.children.map(({ name }) => name)]).to.deep.equal(['one:a', '{urn:two}b', '{}c']);
  });

  it('gives text in one piece, whatever stands between', async () => {
    const root = await read('<a> 1<!-- not 9 -->2<?pi 8?><![CDATA[3<]]>&amp;&#x34;</a>');
    expect(root.text).to.equal(' 123<&4');
  });

  it('gives attributes without a namespace', async () => {
    const root = await read('<a b="1" xml:lang="de" __proto__="x"/>');
    expect([...root.attributes]).to.deep.equal([
      ['b', '1'],
      ['__proto__', 'x'],
    ]);
  });

  it('knows the line of each element', async () => {
    const root = await read('<a>\n\n  <b/>\r\n<c/></a>');
    expect(root.children.map(({ line }) => line)).to.deep.equal([3, 4]);
  });

  it('drops what it is told to skip, with all that is inside, however large', async () => {
    const root = await read(
      `<a xmlns="urn:one"><b/><attachment><deep><attachment/>${'QUJD'.repeat(400_000)}</deep></attachment><c/></a>`,
    );
    expect(root.children.map(({ name }) => name)).to.deep.equal(['one:b', 'one:c']);
  });

  it('lets other work run while it reads a large file', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await read(`<a>${'x'.repeat(1_900_000)}</a>`);
    clearInterval(timer);
    expect(turns).to.be.greaterThan(0);
  });

  it('ends with the reason of the signal when that aborts', async () => {
    const reason = new Error('enough');
    const error = await rejectionOf(readXml(Buffer.from('<a/>'), reading, AbortSignal.abort(reason)), Error);
    expect(error).to.equal(reason);
  });

  describe('understands the encodings', () => {
    const utf16 = Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a>é€</a>', 'utf16le');
    const encoded: [encoding: string, bytes: Uint8Array, text: string][] = [
      ['UTF-8', Buffer.from('<a>é€</a>'), 'é€'],
      ['UTF-8 with a byte order mark', Buffer.from('\uFEFF<?xml version="1.0" encoding="utf-8"?><a>é</a>'), 'é'],
      ['UTF-16, little end first', utf16, 'é€'],
      ['UTF-16, big end first', Buffer.from(utf16).swap16(), 'é€'],
      ['ISO-8859-1', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1'), 'é'],
      ['ISO-8859-15', Buffer.from(`<?xml version='1.0' encoding='ISO-8859-15'?><a>\xa4</a>`, 'latin1'), '€'],
      ['windows-1252', Buffer.from('<?xml version="1.0" encoding="Windows-1252"?><a>\x80</a>', 'latin1'), '€'],
    ];
    for (const [encoding, bytes, text] of encoded) {
      it(encoding, async () => {
        expect((await read(bytes)).text).to.equal(text);
      });
    }
  });

  describe('refuses', () => {
    const latin1 = Buffer.from('<a>\n<b>é</b></a>', 'latin1');
    const refused: [what: string, file: string | Uint8Array, code: string, says: RegExp][] = [
      ['an entity bomb', entityBomb, 'doctype', /^line 1: .*DOCTYPE/],
      [
        'an external entity',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>',
        'doctype',
        /DOCTYPE/,
      ],
      [
        'an external DTD',
        '<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a/>',
        'doctype',
        /^line 2/,
      ],
      ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/"> %x;]><a/>', 'doctype', /DOCTYPE/],
      ['an undefined entity', '<a>\n&nbsp;</a>', 'malformed', /^line 2: .*entity/],
      ['a reference to no character', '<a>&#0;</a>', 'malformed', /entity/],
      ['a reference to half a character', '<a>&#xD800;</a>', 'malformed', /entity/],
      ['a control character', '<a>\u0001</a>', 'malformed', /character/],
      ['elements that overlap', '<a><b></a></b>', 'malformed', /tag/],
      ['an attribute that stands twice', '<a b="1" b="2"/>', 'malformed', /duplicate/],
      [
        'an attribute that stands twice by its namespace',
        '<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>',
        'malformed',
        /duplicate/,
      ],
      ['an unbound prefix', '<p:a/>', 'malformed', /prefix/],
      ['two roots', '<a/><b/>', 'malformed', /root/],
      ['text behind the root', '<a/>x', 'malformed', /outside/],
      ['no XML at all', '%PDF-1.4', 'malformed', /outside|root/],
      ['an empty file', '', 'truncated', /document/],
      ['a file of white space', ' \n', 'truncated', /document/],
      ['a file that ends in a tag', '<a><b', 'truncated', /^line 1/],
      ['a file that ends in text', '<a>\n<b>12', 'truncated', /^line 2: .*unclosed/],
      ['a file that ends in a character', Buffer.from('<a>é').subarray(0, -1), 'truncated', /character/],
      ['bytes that are not UTF-8', latin1, 'encoding', /utf-8/],
      ['an encoding that nobody uses', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'encoding', /"UTF-7"/],
      [
        'an encoding called like a property',
        '<?xml version="1.0" encoding="__proto__"?><a/>',
        'encoding',
        /"__proto__"/,
      ],
      ['a file that is too large', `<a>${' '.repeat(2_000_000)}</a>`, 'too-large', /2000007 bytes/],
      ['elements that are too deep', '<a>'.repeat(1000), 'too-deep', /20/],
      ['depth inside of what is skipped', `<r xmlns="urn:one"><attachment>${'<a>'.repeat(1000)}`, 'too-deep', /20/],
      ['too many elements', `<a>${'<b/>'.repeat(1001)}</a>`, 'too-many-elements', /1000/],
      [
        'too many attributes',
        `<a ${Array.from({ length: 11 }, (_, at) => `a${at}=""`).join(' ')}/>`,
        'too-many-attributes',
        /10/,
      ],
    ];
    for (const [what, file, code, says] of refused) {
      it(what, async () => {
        const error = await rejectionOf(read(file), XmlRefused);
        expect([error.code, error.message.match(says) === null ? error.message : '']).to.deep.equal([code, '']);
      });
    }
  });
});
