import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { withOwnNullBindings } from "./own-null-bindings";

/**
 * Compiles what other stacks import to CommonJS with declarations, which Node.js loads from ESM, too: for CDKTF, and
 * from the same source for CDK Terrain, its successor, in `cdktn/`.
 * @throws {Error} when it does not compile; the message holds what the compiler said.
 */
export async function buildConstructs(project: string, folder: string): Promise<void> {
  const files = [...compile(project), ...forTerrain(compile(project, importTerrain))];
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

interface Output {
  /** Relative to the folder that is built, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** @param change what becomes of each source of ours before it is compiled, so that its types are checked as well */
function compile(project: string, change = (source: string) => source): Output[] {
  const configFile = join(project, "tsconfig.build.json");
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, ts.sys.readFile).config,
    ts.sys,
    project,
    { outDir: project },
    configFile,
  );
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => {
    const text = readFile(file);
    return text === undefined || file.includes("/node_modules/") ? text : change(text);
  };
  const outputs: Output[] = [];
  host.writeFile = (file, text) => outputs.push({ path: relative(project, file).split(sep).join("/"), text });
  const program = ts.createProgram(fileNames, options, host);
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (problems.length > 0)
    throw new Error(`The constructs do not compile:\n${ts.formatDiagnostics(problems, host)}`);
  return outputs;
}

/** In the doc comments, too. */
function importTerrain(source: string): string {
  return withOwnNullBindings(source).replace(/\bfrom (["'])cdktf(?=[/"'])/g, "from $1cdktn");
}

/** What knows neither of the two, the grammar of store URIs and the like, is the same file for both. */
function forTerrain(outputs: readonly Output[]): Output[] {
  return outputs
    .filter(({ path }) => !path.startsWith("scripts/"))
    .map(({ path, text }) => ({
      path: `cdktn/${path}`,
      text: text.replace(/(["'])((?:\.\.\/)+scripts\/)/g, "$1../$2"),
    }));
}
