/**
 * The source of a regular expression that finds a text as it is, and as it looks after it was written into JSON, a URL or HTML:
 * with as many backslashes as strings within strings need, per cent signs in either case and at any depth, entities.
 */
export function textPattern(text: string): string {
  return Array.from(text, characterPattern).join('');
}

/** What everybody leaves alone, and what only some encoders of URLs touch. */
const plain = /[A-Za-z0-9]/;
const almostPlain = /[_.~-]/;
const htmlNames: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

function characterPattern(character: string): string {
  if (plain.test(character)) return character;
  if (almostPlain.test(character)) return `(?:${escapeForPattern(character)}|${percentForm(character)})`;
  // What is indented line by line, such as a key in a stack trace, is still the same text.
  if (character === '\n') return `(?:(?:${characterForms('\r')})?(?:${characterForms('\n')})[ \\t]*)`;
  return `(?:${characterForms(character)})`;
}

function characterForms(character: string): string {
  const jsonForm = JSON.stringify(character).slice(1, -1);
  const forms = [
    character === '\\' ? '\\\\+' : `\\\\*${escapeForPattern(character)}`,
    /^\\[a-z]$/.test(jsonForm) && `\\\\+${jsonForm.slice(1)}`,
    `\\\\+u${[...utf16(character)].map((unit) => anyCase(unit.toString(16).padStart(4, '0'))).join('\\\\+u')}`,
    // Half of a character has no URL form.
    !/\p{Surrogate}/u.test(character) && percentForm(character),
    character === ' ' && '\\+',
    htmlForm(character),
  ];
  return forms.filter((form) => typeof form === 'string').join('|');
}

function utf16(character: string): number[] {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
}

function percentForm(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('');
}

function htmlForm(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const name = htmlNames[character];
  const names = name === undefined ? '' : `${name}|`;
  return `&(?:amp;)*(?:${names}#0*${point}|#[xX]0*${anyCase(point.toString(16))});`;
}

function anyCase(hexadecimal: string): string {
  return hexadecimal.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/**
 * What a text looks like in base64, wherever in the encoded text it stands. Inside of a longer text the encoding depends on how
 * many bytes come before; the characters that depend on the text alone are the same for each of the three offsets.
 */
export function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = offset === 0 ? 0 : offset + 1;
    const incomplete = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const certain = encoded.slice(first, encoded.length - incomplete);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [...new Set(forms)];
}

/** The text, as a regular expression that finds exactly it. */
export function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
