/** A fenced block of a page. */
export interface Snippet {
  readonly language: string;
  /** What stands behind the language: `run`, `no-check: continues the one above`. */
  readonly note: string;
  readonly text: string;
  /** Line of its first line of text, from 1. */
  readonly line: number;
}

/** A page with its blocks apart from its prose. */
export interface Page {
  readonly snippets: readonly Snippet[];
  /** The lines outside of blocks, each where it stands; the lines of blocks are empty. */
  readonly prose: readonly string[];
}

/** Takes a Markdown page apart. Only fences of backticks count: no other kind is in use here. */
export function readPage(markdown: string): Page {
  const snippets: Snippet[] = [];
  const prose: string[] = [];
  let open: { fence: string; language: string; note: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^\s*(`{3,})\s*(\S*)\s*(.*)$/.exec(text);
    prose.push('');
    if (open !== undefined) {
      if (text.trim() !== open.fence) {
        open.lines.push(text);
        continue;
      }
      snippets.push({ language: open.language, note: open.note, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else if (fence !== null) {
      const [, marks = '', language = '', note = ''] = fence;
      open = { fence: marks, language, note: note.trim(), line: index + 2, lines: [] };
    } else prose[index] = text;
  }
  if (open !== undefined) throw new Error(`the block above line ${open.line} is never closed`);
  return { snippets, prose };
}

/** What the links and images of a page point to, as written. */
export function linksOf({ prose }: Page): string[] {
  const text = prose.join('\n').replace(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...references].flatMap(([, target]) => target ?? []);
}

/** The anchors of the headings of a page, as GitHub makes them: lower case, hyphens for spaces, no punctuation. */
export function anchorsOf({ prose }: Page): string[] {
  const seen = new Map<string, number>();
  return prose.flatMap((line) => {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) return [];
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return [times === 0 ? anchor : `${anchor}-${times}`];
  });
}

/** The cells of the rows of all tables of a page, without their heads. */
export function tableRowsOf({ prose }: Page): string[][] {
  return prose.flatMap((line, index) => {
    if (!line.startsWith('|') || /^\|[\s|:-]+$/.test(line)) return [];
    if (/^\|[\s|:-]+$/.test(prose[index + 1] ?? '')) return [];
    return [
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    ];
  });
}
