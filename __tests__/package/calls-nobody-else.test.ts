import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeUnlessMissing, missingStrace } from "../helpers/engines";
import { PROGRAM } from "../helpers/program";
import { RunUnderTest } from "../scripts/interrupts/run-under-test";

describeUnlessMissing(missingStrace, "the bundle as the system sees it", () => {
  test("a rotation connects to the address that it was given and to no other, and asks no name server", async () => {
    const run = await RunUnderTest.opened();
    const log = join(run.folder, "..", `${run.id}.strace`);
    const traced = spawn(
      "strace",
      [
        "-f",
        "-qq",
        "-e",
        "trace=connect,bind,listen,sendto,sendmsg",
        "-o",
        log,
        process.execPath,
        PROGRAM,
        ...run.args,
      ],
      { env: { PATH: process.env.PATH, ...run.environment }, cwd: run.folder, stdio: "ignore" },
    );
    const [code] = await once(traced, "exit");
    const calls = readFileSync(log, "utf8").split("\n");
    rmSync(log);
    expect(code).toBe(0);
    run.expectFinished();

    const addresses = calls.flatMap((call) => {
      const [, port, address] =
        /sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/.exec(call) ?? [];
      return address === undefined ? [] : [`${address}:${port}`];
    });
    expect([...new Set(addresses)]).toEqual([`127.0.0.1:${run.sandbox.port}`]);
    expect(calls.filter((call) => /\blisten\(/.test(call))).toEqual([]);
    // Of other families only what Node.js uses within the process, and the C library's own lookups.
    expect(calls.filter((call) => /\bconnect\(/.test(call) && !/AF_INET|AF_UNIX/.test(call))).toEqual([]);
    await run.close();
  });
});
