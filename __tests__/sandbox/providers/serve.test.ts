import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(__dirname, "../../..");

test("the stand-ins run as a process of their own, which ends with its stdin", async () => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(ROOT, "sandbox/providers/serve.ts"), "registry.opentofu.org"],
    { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
  );
  const [line] = await once(createInterface(child.stdout), "line");
  const reattach = JSON.parse(line);
  expect(reattach).toEqual({
    "registry.opentofu.org/hashicorp/null": attachment(child.pid),
    "registry.opentofu.org/mypurecloud/genesyscloud": attachment(child.pid),
  });

  const [host, port] = reattach["registry.opentofu.org/hashicorp/null"].Addr.String.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");

  child.stdin.end();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  socket.destroy();
});

function attachment(pid: number | undefined) {
  const address = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
  return {
    Protocol: "grpc",
    ProtocolVersion: 5,
    Pid: pid,
    Test: true,
    Addr: { Network: "tcp", String: address },
  };
}
