import ts from "typescript";

/** A piece of text that is put in the place of what stands from `start` to `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * TypeScript that jsii can express in other languages, from ours. They have neither read-only lists, nor tuples, nor a
 * class that narrows what its interface makes optional.
 */
export function portable(source: string): string {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true);
  const optional = optionalMembers(file);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    // Inside of a function nothing is seen of it.
    if (ts.isBlock(node)) return;
    edits.push(...editsFor(node, optional));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source);
}

function editsFor(node: ts.Node, optional: ReadonlyMap<string, ReadonlySet<string>>): Edit[] {
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
    return [{ start: node.getStart(), end: node.type.getStart(), text: "" }];
  if (ts.isTupleTypeNode(node)) {
    const types = new Set(node.elements.map((element) => element.getText().replace(/\?$/, "")));
    const [only] = types;
    return types.size === 1 ? [{ start: node.getStart(), end: node.getEnd(), text: `(${only})[]` }] : [];
  }
  if (ts.isClassDeclaration(node) && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) {
    const interfaces = (node.heritageClauses ?? []).flatMap(({ types }) =>
      types.map((type) => type.getText()),
    );
    const names = new Set(interfaces.flatMap((name) => [...(optional.get(name) ?? [])]));
    return node.members
      .filter((member) => ts.isPropertyDeclaration(member) && !member.questionToken)
      .flatMap(({ name }) =>
        name && names.has(name.getText()) ? [{ start: name.end, end: name.end, text: "?" }] : [],
      );
  }
  return [];
}

/** Of each interface the names of the members that may be absent. */
function optionalMembers(file: ts.SourceFile): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    file.statements.filter(ts.isInterfaceDeclaration).map(({ name, members }) => {
      const names = members
        .filter(({ questionToken }) => questionToken)
        .map((member) => member.name?.getText() ?? "");
      return [name.text, new Set(names)];
    }),
  );
}
