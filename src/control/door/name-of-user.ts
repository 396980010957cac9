import { userInfo } from 'node:os';

/** The name of the user of this process. Containers run with users that have none. */
export function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
