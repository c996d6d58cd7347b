import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Compiles what other stacks import to CommonJS with declarations, which Node.js loads from ESM, too.
 * @throws {Error} when it does not compile; the message holds what the compiler said.
 */
export async function buildConstructs(project: string, folder: string): Promise<void> {
  const tsc = require.resolve("typescript/bin/tsc");
  try {
    await run(process.execPath, [tsc, "-p", join(project, "tsconfig.build.json"), "--outDir", folder], {
      cwd: project,
    });
  } catch (error) {
    throw new Error(`The constructs do not compile:\n${(error as { stdout?: string }).stdout || error}`);
  }
}
