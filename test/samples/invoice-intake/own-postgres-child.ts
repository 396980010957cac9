// A process with a PostgreSQL of its own, in the folder that it is given. Says the URL and lives on until it is killed.
import { OwnPostgres } from '../../../samples/invoice-intake/postgres/own-postgres.js';

void OwnPostgres.start(process.argv[2] ?? '').then(({ url }) => {
  process.stdout.write(`${url}\n`);
  setInterval(() => undefined, 1000);
});
