import { IsInt, IsNotEmpty, Min } from 'class-validator';
import { configuration } from 'plba';

/** The section `inbox` of the configuration. */
@configuration('inbox')
export class InboxConfig {
  /** Where files come in. */
  @IsNotEmpty() folder = 'inbox';

  /** So many files at most are taken in one run. */
  @IsInt() @Min(1) batchSize = 50;
}
