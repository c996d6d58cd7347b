import { writeFileSync } from "node:fs";

/**
 * Makes harmless what could carry a secret out of this process behind its back. To be called before anything else;
 * Node's own switches are the launcher's part.
 */
export function hardenProcess(): void {
  // The libraries that look at DEBUG log connections.
  delete process.env.DEBUG;
  // SIGUSR1 opens Node's debugger, unless somebody listens.
  process.on("SIGUSR1", () => {});
  dropMemoryFromCoreDumps();
  // A reader that goes away (Terraform on Ctrl-C, `| head`) must not end the work.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** A crash may be dumped by the system; on Linux a process can choose that the dump holds no memory. */
function dropMemoryFromCoreDumps(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // No /proc here, as in some containers: the container's own limits on core dumps decide.
  }
}
