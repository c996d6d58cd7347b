import { closeSync, writeFileSync } from "node:fs";
import { isatty } from "node:tty";
import { describeDefect } from "../core/defect";

/** Standard input, output and error, as far as they were a terminal when the process began. */
const TERMINALS = process.platform === "win32" ? [] : [0, 1, 2].filter((fd) => isatty(fd));

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
  // Node would print the fault's message, which may quote a secret, and end this process, whose memory may be the only
  // place that has the new one. Nobody waits for what a library does in an event: the run goes on, and says its own end.
  process.on("uncaughtException", (fault) => {
    process.exitCode = 1;
    process.stderr.write(
      `genesys-secret: A defect of this program, which goes on: ${describeDefect(fault)}.\n`,
    );
  });
}

/**
 * Ends the process when both streams have handed over what was written. A terminal is let go of first: at its end
 * Node.js puts a terminal's settings back, and aborts, with a core dump, when the terminal is gone by then.
 */
export function endProcess(code: number): void {
  process.stdout.write("", () =>
    process.stderr.write("", () => {
      for (const fd of TERMINALS) {
        try {
          closeSync(fd);
        } catch {
          // Closed already.
        }
      }
      process.exit(code);
    }),
  );
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
