import { link, lstat, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Moves a file into a folder of the same file system and never over another one: `a.xml` becomes `a (2).xml` where there is an
 * `a.xml` already. Broken off at any point it can be repeated, with the same end.
 * @param arrived told the name that the file has there, before it loses the old one
 */
export async function moveInto(
  folder: string,
  source: string,
  arrived: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  const { name, ext } = path.parse(source);
  for (let copy = 1; ; copy += 1) {
    const target = copy === 1 ? `${name}${ext}` : `${name} (${copy})${ext}`;
    if (await placeAt(path.join(folder, target), source)) {
      await arrived(target);
      await rm(source, { force: true });
      return;
    }
  }
}

/** Whether the file is at `target` now; false when another one is. */
async function placeAt(target: string, source: string): Promise<boolean> {
  try {
    // Unlike a rename, a link fails where there is something already. For a moment the file has both names.
    await link(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      if (!(await isSameFile(source, target))) return false; // else an earlier move was broken off here
    } else if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return renameTo(target, source);
    } else {
      throw error;
    }
  }
  return true;
}

/** For what cannot have two names: folders, and file systems without links. */
async function renameTo(target: string, source: string): Promise<boolean> {
  if (await exists(target)) return false;
  await rename(source, target);
  return true;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, { bigint: true }), lstat(other, { bigint: true })]);
  return a.dev === b.dev && a.ino === b.ino;
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
