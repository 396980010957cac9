// What those who log have in common: the same lines, and how they are counted.
import { cpuMicros, task, tell } from './measured.mjs';

/** Logs the lines of the task, after a fifth of them to warm up, and tells what they took. */
export async function logMany(log) {
  const line = (number) => {
    log.info(
      {
        worker: 'invoice-sync',
        runId: '8f2c-1a',
        number,
        amount: 129.95,
        url: 'https://ledger.example/invoices?page=7',
      },
      'posted an invoice of the customer, and marked its mail as read',
    );
  };
  for (let number = 0; number < task.amount / 5; number++) line(number);
  await new Promise(setImmediate);
  const before = { cpu: cpuMicros(), ms: performance.now() };
  for (let number = 0; number < task.amount; number++) line(number);
  const took = { cpuMicros: cpuMicros() - before.cpu, wallMs: performance.now() - before.ms };
  tell({ lines: task.amount, ...took });
}
