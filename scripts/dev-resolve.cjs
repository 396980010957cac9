'use strict';
// Resolution for running this checkout from its TypeScript sources with ts-node; the published build needs none of it.
//  - a relative './x.js' in a .ts file means './x.ts': the spelling that ES modules need
//  - 'plba' and 'plba/<door>' mean src/, so that samples and specs read like an application's code;
//    with PLBA_TEST_DIST=1 they mean the built package, through its own "exports"
//  - the files of the console's page and of a new application are made from their sources, as the build does
const Module = require('node:module');
const fs = require('node:fs');
const path = require('node:path');

const src = path.resolve(__dirname, '..', 'src');
const made = new Map([
  [path.join(src, 'control', 'console', 'page-files.js'), path.join(__dirname, 'console-page.cjs')],
  [path.join(src, 'cli', 'template-files.js'), path.join(__dirname, 'application-template.cjs')],
]);
const useBuild = process.env.PLBA_TEST_DIST === '1';
const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function (request, parent, ...rest) {
  const from = parent?.filename;
  if (from?.endsWith('.ts')) {
    if (!useBuild && request === 'plba') return path.join(src, 'index.ts');
    if (!useBuild && request.startsWith('plba/')) return path.join(src, request.slice('plba/'.length), 'index.ts');
    if (/^\.{1,2}\/.*\.js$/.test(request)) {
      const source = path.resolve(path.dirname(from), `${request.slice(0, -'.js'.length)}.ts`);
      if (fs.existsSync(source)) return source;
      const maker = made.get(path.resolve(path.dirname(from), request));
      if (maker !== undefined) return maker;
    }
  }
  return resolveFilename.call(this, request, parent, ...rest);
};
