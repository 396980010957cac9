'use strict';
// Writes the checked-in lists of names anew, for a change that is meant: the public names of each door, the error
// codes, and the states of a worker.
const { register } = require('ts-node');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

process.chdir(join(__dirname, '..'));
register();
const { listOf, publicNames, publicNamesFile } = require('../test/house/public-names.ts');
const { errorsPageFile, withErrorsTable } = require('../test/house/errors-page.ts');
const { statesPageFile, withStateDiagram } = require('../test/house/state-diagram.ts');

writeFileSync(publicNamesFile, listOf(publicNames()));
writeFileSync(errorsPageFile, withErrorsTable(readFileSync(errorsPageFile, 'utf8')));
writeFileSync(statesPageFile, withStateDiagram(readFileSync(statesPageFile, 'utf8')));
