/**
 * A table for people, in Markdown.
 *
 * @param heads texts of the heads; the first column stands left, the others right
 * @param rows of texts, as many as heads
 */
export function table(heads, rows) {
  const widths = heads.map((head, at) => Math.max(head.length, 3, ...rows.map((row) => row[at].length)));
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}

/** A figure with as many digits as it deserves: `0.52`, `3.1`, `47,400`. */
export function figure(value) {
  if (value === undefined) return '';
  const size = Math.abs(value);
  const fractionDigits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {
    maximumFractionDigits: fractionDigits,
    minimumFractionDigits: fractionDigits,
  });
}

/** A goal beside what was measured. `atMost` or `atLeast` says which side is good. */
export function goal({ what, value, atMost, atLeast, unit = '' }) {
  const isMet = atMost === undefined ? value >= atLeast : value <= atMost;
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return { what, value, bound: `${bound}${unit}`, unit, isMet };
}
