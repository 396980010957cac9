// The ledger's own PostgreSQL, by itself, in the foreground: to stop with Ctrl-C and start again while the application runs, and
// to see what becomes of that. Says which setting leads the application here.
import { places } from './places.js';
import { OwnPostgres } from './postgres/own-postgres.js';

async function main(): Promise<void> {
  const postgres = await OwnPostgres.start(process.argv[2] ?? places.database);
  process.stdout.write(`INVOICES__DATABASE_URL=${postgres.url}\n`);
  const stop = (): void => {
    void postgres.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  setInterval(() => undefined, 60_000); // the server does not keep this process alive
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
