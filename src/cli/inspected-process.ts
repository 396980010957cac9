import type { Blueprint, Problem } from '../application/blueprint.js';

/** What the process of an inspected main file reports, a line of JSON each. */
export type Report =
  /** An application is handed over, and the process ends. */
  | { readonly blueprint: Blueprint }
  /** The main file threw. `place` is where, in a file of the application. */
  | { readonly thrown: Pick<Problem, 'message' | 'hint'> & { readonly place?: string } };

/** What {@link inspectedProcess} is given. */
export interface InspectedProcessOptions {
  /** The file descriptor that reports go to. */
  readonly reportTo: number;
  /** The application's own ts-node, for a main file in TypeScript. */
  readonly tsNode?: { readonly path: string; readonly projectSearchDir: string };
}

/**
 * What the process of an inspected main file does before the main file: it waits for an application that is handed over. Its text is run
 * by `node --eval`, with the main file as first argument, so that the main file finds everything as if it had been started itself. It
 * uses nothing from outside.
 */
export function inspectedProcess(load: (name: string) => unknown, { reportTo, tsNode }: InspectedProcessOptions): void {
  const { writeSync } = load('node:fs') as { writeSync: (fd: number, text: string) => void };
  const report = (what: Report): void => {
    writeSync(reportTo, `${JSON.stringify(what)}\n`);
  };
  (globalThis as Record<symbol, unknown>)[Symbol.for('plba.inspector')] = (blueprint: Blueprint): void => {
    report({ blueprint });
    // Nothing after it is to happen, whatever the main file has begun.
    process.exit(0);
  };
  // Only listens: Node.js says the rest, with the line of the source.
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    const { name, message, stack, hint, diagnosticText } = Object(error) as Record<string, unknown>;
    const text = typeof message === 'string' ? message : String(error);
    const frames = typeof stack === 'string' ? stack.split('\n') : [];
    const own = frames.filter((line) => !/node:|node_modules|\[eval\]/.test(line));
    const place = own
      .map((line) => /((?:file:\/\/)?\/?[^\s()]+:\d+)/.exec(line)?.[1])
      .find((found) => found !== undefined);
    report({
      thrown: {
        message:
          typeof diagnosticText === 'string' ? diagnosticText : `${typeof name === 'string' ? name : 'Error'}: ${text}`,
        ...(typeof hint === 'string' && { hint }),
        ...(place !== undefined && { place }),
      },
    });
  });
  if (tsNode !== undefined) {
    const { register } = load(tsNode.path) as { register: (options: { projectSearchDir: string }) => void };
    register({ projectSearchDir: tsNode.projectSearchDir });
  }
  (load('node:module') as { runMain: () => void }).runMain();
}
