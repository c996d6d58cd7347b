import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildConstructs } from "./constructs";
import { buildProgram } from "./program";
import { publish } from "./publish";

/** Builds all that the package ships, and the app's stacks use, into `dist/`. */
async function main(): Promise<void> {
  const project = join(__dirname, "../..");
  const built = await mkdtemp(join(tmpdir(), "genesys-secret-build-"));
  try {
    const program = join(built, "program");
    await mkdir(program);
    // Both come to their end, or one would still write into the folder that the other's failure removes.
    const results = await Promise.allSettled([
      buildProgram(project, program),
      buildConstructs(project, built),
    ]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    await publish(built, join(project, "dist"));
  } finally {
    await rm(built, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
