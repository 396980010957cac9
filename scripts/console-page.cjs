'use strict';
// The console's page as a browser takes it: the modules in src/control/console/page/ without their types, and what stands beside
// them as it is. In a checkout it is loaded in the place of console/page-files.js (see dev-resolve.cjs), when the page is first
// asked for; the build writes what it gives into the package (see build.mjs), so that nothing is compiled or looked for there.
const fs = require('node:fs');
const path = require('node:path');

const page = path.resolve(__dirname, '..', 'src', 'control', 'console', 'page');

/** Name to text. */
exports.pageFiles = Object.fromEntries(fs.readdirSync(page).sort().flatMap(fileOf));

function fileOf(name) {
  const text = fs.readFileSync(path.join(page, name), 'utf8');
  if (name.endsWith('.ts')) return [[`${name.slice(0, -'.ts'.length)}.js`, withoutTypes(name, text)]];
  return /\.(html|css|svg)$/.test(name) ? [[name, text]] : [];
}

function withoutTypes(fileName, text) {
  const ts = require('typescript');
  const { ES2022, ESNext } = { ...ts.ScriptTarget, ...ts.ModuleKind };
  const compilerOptions = { target: ES2022, module: ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(text, { fileName, compilerOptions }).outputText;
}
