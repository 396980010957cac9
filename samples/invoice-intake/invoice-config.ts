import { IsInt, IsOptional, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import { configuration, secret } from 'plba';
import { defaultLimits } from './invoice/examine-invoice.js';
import { places } from './places.js';

/** The `invoices:` section of the configuration. Paths are relative to the folder that the application is started in. */
@configuration('invoices')
export class InvoiceConfig {
  /** The ledger's PostgreSQL, 12 or newer. Without it the application runs one of its own. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'must be like postgres://user:password@host:5432/database' })
  @secret()
  databaseUrl?: string;

  /** Where a PostgreSQL of the application's own keeps its data. */
  @IsString()
  @MinLength(1)
  databaseFolder = places.database;

  /** The folder that invoices come in by. It must exist. Without it: one that starts with the invoices of the sample. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  inbox?: string;

  /** How long a file must not have changed to count as finished, in milliseconds. */
  @IsInt()
  @Min(0)
  quietMs = 1000;

  /** How many files a run takes in at most. */
  @IsInt()
  @Min(1)
  batchSize = 200;

  /** The largest file that is read, in bytes. */
  @IsInt()
  @Min(1)
  @Max(512 * 1024 * 1024)
  maxFileBytes = defaultLimits.maxBytes;

  /** Where the totals by currency and seller go. */
  @IsString()
  @MinLength(1)
  totalsFile = places.totals;

  /** Where it is written what became of each file since the application started. Default: nowhere. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  reportFile?: string;
}
