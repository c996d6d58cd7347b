import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const TESTS = join(__dirname, "..");

/** What is wrong in the text of a file of the tests. */
function faults(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return [...exportedLets(source), ...hooksByImport(source), ...bareTitles(source)];
}

/** A variable that a helper and its tests share, and that any of them can change. */
function exportedLets(source: ts.SourceFile): string[] {
  return source.statements
    .filter(ts.isVariableStatement)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .filter(({ declarationList }) => !(declarationList.flags & ts.NodeFlags.Const))
    .map((statement) => `exports a variable: ${statement.declarationList.declarations[0]?.name.getText()}`);
}

const HOOK = /^(before|after)(Each|All)$/;

/** A hook that a suite gets by an import, without a call that says so. */
function hooksByImport(source: ts.SourceFile): string[] {
  if (source.fileName.endsWith(".test.ts")) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    // What is inside a function runs when a suite calls that.
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) && HOOK.test(node.expression.getText()))
      found.push(`registers a hook when it is imported: ${node.expression.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const TEST = /^(describe|test|it)(Unless\w+|With\w+)?\b/;

/** Titles that, read after those of their `describe`, cannot be a sentence. */
function bareTitles(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, before: string): void => {
    let path = before;
    const kind = ts.isCallExpression(node) ? TEST.exec(node.expression.getText())?.[1] : undefined;
    const title = kind && ts.isCallExpression(node) ? titleOf(node) : undefined;
    if (title !== undefined) {
      path = `${before} ${title}`.trim();
      if (kind !== "describe") {
        if (wordsOf(title) === 0) found.push(`a title of data only: ${path}`);
        else if (wordsOf(path) < 3) found.push(`a title of less than three words: ${path}`);
        if (/^\d: /.test(title)) found.push(`a title that begins with an exit code: ${path}`);
        if (title.endsWith(".")) found.push(`a title with a full stop: ${path}`);
      }
    }
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, "");
  return found;
}

/** The title of a call of `test` or of one of its kin. */
function titleOf({ arguments: given }: ts.CallExpression): string | undefined {
  const title = given.find(
    (argument) => ts.isStringLiteralLike(argument) || ts.isTemplateExpression(argument),
  );
  return given.length > 1 ? title?.getText().slice(1, -1) : undefined;
}

/** How many words stand there whatever is put in the place of a placeholder. */
function wordsOf(title: string): number {
  return title.replace(/\$\{[^}]*\}|%[a-z]/g, " ").match(/[\p{L}\d][^\s]*/gu)?.length ?? 0;
}

const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

describe("the files of the tests", () => {
  test("export no variable, register no hook when they are imported, and have titles that are sentences", () => {
    const found = files.flatMap((file) =>
      faults(file, readFileSync(join(TESTS, file), "utf8")).map((fault) => `${file}: ${fault}`),
    );
    expect(found).toEqual([]);
  });
});

describe("the rules for the files of the tests", () => {
  test.each([
    ["an exported variable", "helper.ts", "export let folder: string;", "exports a variable: folder"],
    [
      "a hook at the top of a helper",
      "helper.ts",
      "afterAll(() => {});",
      "registers a hook when it is imported: afterAll",
    ],
    [
      "a hook in a block of a helper",
      "helper.ts",
      "if (true) { beforeEach(() => {}); }",
      "registers a hook when it is imported: beforeEach",
    ],
    [
      "a title that is a row of data",
      "a.test.ts",
      'test.each([["a"]])("%s: %j", () => {});',
      "a title of data only: %s: %j",
    ],
    [
      "a title of two words",
      "a.test.ts",
      'describe("x", () => { test("works", () => {}); });',
      "a title of less than three words: x works",
    ],
    [
      "a title that begins with an exit code",
      "a.test.ts",
      'test("6: a store is down", () => {});',
      "a title that begins with an exit code: 6: a store is down",
    ],
    [
      "a title with a full stop",
      "a.test.ts",
      'test("one client is found.", () => {});',
      "a title with a full stop: one client is found.",
    ],
  ])("refuse %s", (_, file, text, fault) => {
    expect(faults(file, text)).toEqual([fault]);
  });

  test.each([
    ["an exported constant", "helper.ts", "export const folder = 1;"],
    ["a hook inside a function of a helper", "helper.ts", "export function one() { afterAll(() => {}); }"],
    ["a hook at the top of a test", "a.test.ts", "afterAll(() => {});"],
    [
      "a placeholder with words around it",
      "a.test.ts",
      'test.each([["a"]])("the text %s is refused", () => {});',
    ],
    [
      "a title that its describe completes",
      "a.test.ts",
      'describe("the name %s", () => { test("passes", () => {}); });',
    ],
  ])("accept %s", (_, file, text) => {
    expect(faults(file, text)).toEqual([]);
  });
});
