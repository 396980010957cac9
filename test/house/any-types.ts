import ts from 'typescript';

/**
 * The places where the type of an exported name says `any`, as paths from the name. Follows the types of this package member
 * by member; of types from elsewhere only the arguments count, and of those of inversify (`Newable` is full of `any`) not even
 * these.
 */
export function anysIn(symbol: ts.Symbol, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const seen = new Set<ts.Type>();

  const visitSignature = (signature: ts.Signature, path: string): void => {
    for (const parameter of signature.getParameters()) {
      visit(checker.getTypeOfSymbol(parameter), `${path}(${parameter.getName()})`);
    }
    for (const type of signature.getTypeParameters() ?? []) {
      const constraint = type.getConstraint();
      if (constraint !== undefined) visit(constraint, `${path}<>`);
    }
    visit(signature.getReturnType(), `${path}()`);
  };

  const visit = (type: ts.Type, path: string): void => {
    if (type.flags & ts.TypeFlags.Any) {
      found.push(path);
      return;
    }
    if (seen.has(type)) return;
    seen.add(type);
    const home = homeOf(type.aliasSymbol ?? type.getSymbol());
    if (home === 'inversify' || homeOf(type.getSymbol()) === 'inversify') return;
    for (const argument of [...(type.aliasTypeArguments ?? []), ...argumentsOf(type, checker)]) {
      visit(argument, `${path}<>`);
    }
    if (type.isUnionOrIntersection()) for (const part of type.types) visit(part, path);
    if (home === 'elsewhere' || !(type.flags & ts.TypeFlags.Object)) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      visitSignature(signature, path);
    }
    for (const index of checker.getIndexInfosOfType(type)) visit(index.type, `${path}[]`);
    for (const member of type.getProperties()) {
      if (isHidden(member) || homeOf(member) !== 'here') continue;
      visit(checker.getTypeOfSymbol(member), `${path}.${member.getName()}`);
    }
  };

  const name = symbol.getName();
  if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    visit(checker.getDeclaredTypeOfSymbol(symbol), name);
  }
  if (symbol.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbol(symbol), name);
  return found;
}

function argumentsOf(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const isReference =
    type.flags & ts.TypeFlags.Object && (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

function isHidden(member: ts.Symbol): boolean {
  if (member.flags & ts.SymbolFlags.Prototype) return true; // of a generic class: any, by the language itself
  const declaration = member.valueDeclaration;
  if (declaration === undefined) return false;
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
}

/** Where a symbol is declared. What has no declaration (a union, a tuple) is looked into, as if it stood here. */
function homeOf(symbol: ts.Symbol | undefined): 'here' | 'inversify' | 'elsewhere' {
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName;
  if (file === undefined) return 'here';
  if (/node_modules\/(@inversifyjs|inversify)\//.test(file)) return 'inversify';
  return file.includes('/node_modules/') ? 'elsewhere' : 'here';
}
