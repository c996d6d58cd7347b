// The stand-ins as a process of their own: `tsx sandbox/providers/serve.ts [registry host]`. Prints the value of
// TF_REATTACH_PROVIDERS as one line, and ends with its stdin, so that it never outlives who started it.
import { startStandInProviders } from "./start";

const OPENTOFU = "registry.opentofu.org";

async function serve(): Promise<void> {
  const registryHost = process.argv[2] === OPENTOFU ? OPENTOFU : "registry.terraform.io";
  const { reattach, close } = await startStandInProviders({ registryHost });
  process.stdout.write(`${reattach}\n`);
  // A Ctrl-C reaches the whole group; the engine then finishes what is under way, and needs its providers for it.
  if (!process.stdin.isTTY) process.on("SIGINT", () => undefined);
  process.stdin.resume();
  process.stdin.once("end", () => void close().then(() => process.exit(0)));
}

void serve();
