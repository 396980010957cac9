import { readFile } from 'node:fs/promises';

const largestFileBytes = 1024 * 1024;

/** A file's text, or the rule that it breaks, in words. */
export type TextFile = { readonly text: string } | { readonly rule: string; readonly isMissing: boolean };

/** Reads a file of UTF-8 (a byte order mark is left out) of at most a mebibyte. Never rejects. */
export async function readTextFile(file: string): Promise<TextFile> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > largestFileBytes)
      return { rule: `must be at most ${largestFileBytes} bytes, and has ${bytes.length}`, isMissing: false };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { rule: 'must be text in UTF-8', isMissing: false };
    return { rule: `cannot be read: ${reasonOf(code, error)}`, isMissing: code === 'ENOENT' };
  }
}

function reasonOf(code: string | undefined, error: unknown): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'permission is denied';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
