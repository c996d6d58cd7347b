import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { findCommand, foldersOf } from "../../tools/command-folder";

const ROOT = join(__dirname, "../..");

/**
 * Where `.ci/run`, pip and `go install` put what the tests need. TOOLS_ON_PATH_ONLY=1 leaves them out, as on a machine
 * that has Node.js alone: `npm run test:bare`.
 */
const INSTALLED = process.env.TOOLS_ON_PATH_ONLY === "1" ? [] : installedFolders();

function installedFolders(): string[] {
  const { GOBIN = "", GOPATH = join(homedir(), "go") } = process.env;
  const ofGo = GOPATH.split(delimiter).map((path) => join(path, "bin"));
  return [join(ROOT, ".venv/bin"), join(ROOT, ".tools/bin"), GOBIN, ...ofGo].filter((path) => path !== "");
}

/** A tool's path, in those folders or on the PATH; undefined when it is not there. */
export function findTool(name: string): string | undefined {
  return findCommand(name, [...INSTALLED, ...foldersOf(process.env.PATH ?? "")]);
}

/** What `describeUnlessMissing` is told: the tools that are not there; undefined when all are. */
export function missingTools(...names: string[]): string | undefined {
  const missing = names.filter((name) => findTool(name) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} on PATH`;
}
