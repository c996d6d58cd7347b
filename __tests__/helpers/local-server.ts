import { createServer } from "node:net";

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
