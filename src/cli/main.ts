#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

const end = new AbortController();
process.once('SIGINT', () => {
  end.abort();
});
// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', () => process.exit(0));

void runCommandLine(process.argv.slice(2), {
  env: process.env,
  // Asked each time: a window can be made wider.
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  },
  get rows() {
    return process.stdout.isTTY ? process.stdout.rows : undefined;
  },
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  end: end.signal,
}).then((code) => {
  process.exitCode = code;
});
