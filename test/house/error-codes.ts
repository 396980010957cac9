import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The codes that the sources raise, the catalogue itself left out. */
export function codesRaised(directory: string, catalogue: string): Set<string> {
  const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== catalogue)
    .map((path) => readFileSync(join(directory, path), 'utf8'));
  return new Set(sources.flatMap(codesIn));
}

/**
 * The words in upper case that stand as a value in a source: where a code is raised, it stands as one. A word in a type, or
 * one that something is compared with, raises nothing.
 */
export function codesIn(text: string): string[] {
  const codes: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteralLike(node) && /^[A-Z][A-Z_]+$/.test(node.text) && !isCompared(node)) codes.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true));
  return codes;
}

function isCompared({ parent }: ts.Node): boolean {
  return ts.isCaseClause(parent) || (ts.isBinaryExpression(parent) && comparisons.has(parent.operatorToken.kind));
}

const comparisons = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]);
