import { constants } from 'node:fs';
import { access, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Invoices cannot be taken in from here. */
export class InboxUnusable extends Error {
  override readonly name = 'InboxUnusable';
}

/** Makes an inbox with copies of some invoices in it, unless it is there: emptied, it stays empty. */
export async function makeInbox(folder: string, invoices: string): Promise<void> {
  if (await isThere(folder)) return;
  // Made beside its place: an inbox with half of the invoices would look as if it were there.
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(path.dirname(folder), { recursive: true });
  await cp(invoices, unfinished, { recursive: true, preserveTimestamps: true });
  await rename(unfinished, folder).catch(async () => rm(unfinished, { recursive: true }));
}

/**
 * Checks that files can be taken out of an inbox. A folder that is not there is not made: it is more likely misspelt.
 * @throws {InboxUnusable}
 */
export async function checkInbox(folder: string): Promise<void> {
  const stats = await stat(folder).catch((cause: unknown) => {
    throw new InboxUnusable(`the inbox ${folder} is not there`, { cause });
  });
  if (!stats.isDirectory()) throw new InboxUnusable(`the inbox ${folder} is no folder`);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new InboxUnusable(`files may not be taken out of the inbox ${folder}`, { cause });
  });
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
