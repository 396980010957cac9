'use strict';
// Writes test/house/public-names.txt anew: for a change of the public names that is meant.
const { register } = require('ts-node');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

process.chdir(join(__dirname, '..'));
register();
const { listOf, publicNames, publicNamesFile } = require('../test/house/public-names.ts');
writeFileSync(publicNamesFile, listOf(publicNames()));
