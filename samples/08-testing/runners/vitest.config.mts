import { fileURLToPath } from 'node:url';

const source = (path: string): string => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));

// Decorators need nothing: what tsconfig.json says about them counts here too. The aliases are for this checkout only, where
// PLBA is not installed: an application has it in node_modules.
export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: [
      { find: /^plba$/, replacement: source('index.ts') },
      { find: /^plba\/testing$/, replacement: source('testing/index.ts') },
    ],
  },
  test: { include: ['*.test.ts'] },
};
