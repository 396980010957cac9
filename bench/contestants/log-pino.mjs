// The same lines through pino and its own destination, which writes at once as well.
import { pino } from 'pino';
import { logMany } from './log-lines.mjs';

const root = pino(
  {
    base: { application: 'bench' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  },
  pino.destination({ fd: 1, sync: true }),
);
await logMany(root.child({ name: 'invoices' }));
