import path from 'node:path';

/** Everything that the application writes lies here, unless it is configured elsewhere. */
const data = path.join(__dirname, '.data');

/** Where things are. */
export const places = {
  /** The invoices that come with the sample. They stay where they are: the application works on copies. */
  shippedInvoices: path.join(__dirname, 'invoices'),
  /** The inbox of whoever configures none. */
  inbox: path.join(data, 'inbox'),
  /** The data of a PostgreSQL of the application's own. */
  database: path.join(data, 'postgres'),
  /** The totals by currency and seller. */
  totals: path.join(data, 'totals.json'),
} as const;
