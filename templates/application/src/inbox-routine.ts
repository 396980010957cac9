import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, injectable } from 'inversify';
import { InboxConfig } from './inbox-config';

/** The business. It knows nothing of PLBA. */
@injectable()
export class InboxRoutine {
  constructor(@inject(InboxConfig) private readonly config: InboxConfig) {}

  /** Takes files that have come in, and answers how many it took. */
  async takeNew(signal: AbortSignal): Promise<number> {
    const { folder, batchSize } = this.config;
    const done = join(folder, 'done');
    await mkdir(done, { recursive: true });
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).slice(0, batchSize);
    let taken = 0;
    for (const { name } of files) {
      if (signal.aborted) break;
      await rename(join(folder, name), join(done, name));
      taken++;
    }
    return taken;
  }
}
