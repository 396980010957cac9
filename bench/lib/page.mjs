import { readFileSync, writeFileSync } from 'node:fs';

const opening = '<!-- figures: written by the benchmark -->\n';
const closing = '<!-- end of the figures -->\n';

/** Puts `text` in place of the figures of a page. @throws Error when the page does not say where they are */
export function writeFigures(file, text) {
  const page = readFileSync(file, 'utf8');
  const begin = page.indexOf(opening);
  const end = page.indexOf(closing);
  if (begin === -1 || end < begin) throw new Error(`${file} does not say where its figures are`);
  writeFileSync(file, `${page.slice(0, begin)}${opening}\n${text.trim()}\n\n${page.slice(end)}`);
}
