import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../contracts/logger.js';
import type { ControlAddress } from '../control/control-plane-options.js';
import { inUrl } from '../control/door/host-rules.js';
import { summarizeError } from '../plain/error-summary.js';

/** What a {@link ConsoleLink} is made of. */
export interface ConsoleLinkOptions {
  readonly application: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Makes a secret known before it can be said anywhere. */
  readonly register: (secret: string) => void;
  /** Writes on the terminal of whoever started the process; undefined where there is none. */
  readonly tell?: ((text: string) => void) | undefined;
}

/**
 * The link that opens the console with a token for this start. It goes to the person who started the process and to nobody
 * else: on the terminal, or into a file for this user only; never into the log, which others read and keep.
 *
 * The token stands behind the `#` of the link, which no browser sends anywhere.
 */
export class ConsoleLink {
  /** Whoever has it may operate, until the process ends. */
  readonly token = randomBytes(24).toString('base64url');
  private file: string | undefined;

  constructor(private readonly options: ConsoleLinkOptions) {
    options.register(this.token);
  }

  /** Says the link. A file that cannot be written keeps no application down. */
  async show({ host, port, isTls }: ControlAddress): Promise<void> {
    const link = `${isTls ? 'https' : 'http'}://${inUrl(host)}:${port}/#token=${this.token}`;
    const { application, tell, log, env } = this.options;
    if (tell !== undefined) {
      tell(`\n  The console of ${application}, to see and to steer it, until it ends:\n  ${link}\n\n`);
      return;
    }
    const { prepareFolder, runtimeFolder } = await import('../control/door/socket-file.js');
    const folder = runtimeFolder(env);
    const file = join(folder, `${application}.${process.pid}.link`);
    try {
      prepareFolder(folder);
      // Whoever had this process id before has ended, and may have left its link behind.
      await rm(file, { force: true });
      await writeFile(file, `${link}\n`, { mode: 0o600, flag: 'wx' });
      this.file = file;
      log.info(`the link to the console is in ${file}`);
    } catch (error) {
      log.warn({ error: summarizeError(error) }, 'the link to the console could not be written');
    }
  }

  /** Takes the file away. */
  async withdraw(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    if (file !== undefined) await rm(file, { force: true }).catch(() => undefined);
  }
}
