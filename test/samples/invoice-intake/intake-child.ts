// A process that takes in what lies in an inbox and kills itself, as `kill -9` would, at a certain point.
// Arguments: database URL, inbox folder, point.
import fs from 'node:fs/promises';
import { Inbox } from '../../../samples/invoice-intake/inbox/inbox.js';
import { IntakeRoutine } from '../../../samples/invoice-intake/intake/intake-routine.js';
import { defaultLimits } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { Connections } from '../../../samples/invoice-intake/ledger/connections.js';
import { Ledger } from '../../../samples/invoice-intake/ledger/ledger.js';

const [url = '', folder = '', point = ''] = process.argv.slice(2);
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('not reached');
};

const ledger = new Ledger(new Connections(() => url));
const post = ledger.post.bind(ledger);
ledger.post = async (...args) => {
  if (point === 'before the invoice is posted') die();
  const posting = await post(...args);
  if (point === 'between posting and moving') die();
  return posting;
};
if (point === 'in the middle of moving') fs.rm = () => die();

const routine = new IntakeRoutine(new Inbox(folder, { quietMs: 0 }), ledger, { batchSize: 10, limits: defaultLimits });
void (async () => {
  const pass = routine.takeIn(new Date(), new AbortController().signal);
  while ((await pass.next()).done !== true);
})();
