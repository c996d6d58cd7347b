import { findEngines } from "../engine";
import { startSandbox } from "../org";
import { Project } from "./project";
import { type Proof, proofTable } from "./proof";
import { demonstrateWithEngine } from "./with-engine";
import { demonstrateWithoutEngine } from "./without-engine";

const NO_ENGINE = `Neither terraform nor tofu is on the PATH, so only the parts that need no engine are shown.
For the whole story install Terraform (https://developer.hashicorp.com/terraform/install) or
OpenTofu (https://opentofu.org/docs/intro/install), then run this again.
`;

/** `npm run demo`: the whole story on this machine, with no Genesys Cloud account. */
async function main(): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) console.error("\nInterrupted: ending what runs and cleaning up.");
      interruption.abort();
    });
  }
  // A terminal that was closed takes nothing any more; the clean-up goes on without it.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const sandbox = await startSandbox();
  const project = new Project({ ...sandbox.environment }, interruption.signal);
  try {
    console.log(`A Genesys Cloud org runs on this machine, at ${sandbox.origin}. No account is used.`);
    const [engine] = findEngines();
    if (!engine) console.log(`\n${NO_ENGINE}`);
    const proofs: Proof[] = engine
      ? await demonstrateWithEngine(engine, project, sandbox)
      : await demonstrateWithoutEngine(project, sandbox);
    console.log(`What was proved:\n${proofTable(proofs)}`);
    if (proofs.some(({ holds }) => !holds)) process.exitCode = 1;
  } catch (error) {
    if (!interruption.signal.aborted) console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    project.remove();
    await sandbox.close();
  }
  if (interruption.signal.aborted) process.exitCode = 130;
}

void main();
