import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

const VENV = join(__dirname, "../../.venv/bin");

/** A server's program from `requirements-test.txt`, in .venv or on the PATH; undefined when it is not there. */
export function findServer(name: string): string | undefined {
  return [VENV, ...(process.env.PATH ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** What `describeUnlessMissing` is told when it is not there. */
export function howToInstall(name: string): string {
  return `${name} (python3 -m venv .venv && .venv/bin/pip install -r requirements-test.txt)`;
}

/** A TCP port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
