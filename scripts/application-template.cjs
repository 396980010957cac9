'use strict';
// The files of a new application (`plba new`), as they are in templates/application/. In a checkout this is loaded in the place of
// cli/template-files.js (see dev-resolve.cjs); the build writes what it gives into the package (see build.mjs), where nothing has to
// be looked for, and no .gitignore is left out.
const fs = require('node:fs');
const path = require('node:path');

const template = path.resolve(__dirname, '..', 'templates', 'application');

/** Path to text. */
exports.templateFiles = Object.fromEntries(
  fs
    .readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(template, file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8')]),
);
