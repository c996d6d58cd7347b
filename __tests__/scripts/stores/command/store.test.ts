import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneClient } from "../../../helpers/one-client";
import { describeStore } from "../../../helpers/store-conformance";

const OWN_MATTER = "the program's own matter";
const IGNORED = "what it answers is not read";

describeStore(
  "command:",
  async (_sandbox, folder) => {
    const [program, kept] = [join(folder, "keep"), join(folder, "kept")];
    writeFileSync(program, "#!/bin/sh\ncat > kept\n");
    chmodSync(program, 0o755);
    return {
      uri: 'command:["./keep"]',
      environment: {},
      storeCredentials: [],
      readSecret: () => (existsSync(kept) ? readFileSync(kept, "utf8") : undefined),
      deny: () => chmodSync(program, 0o644),
      stop: () => renameSync(program, `${program}.away`),
      restart: () => renameSync(`${program}.away`, program),
      close: () => {},
    };
  },
  {
    read: "a program is only written to",
    document: "it gets the bare secret",
    wrongCredentials: OWN_MATTER,
    redirect: OWN_MATTER,
    serveTls: OWN_MATTER,
    answerHuge: IGNORED,
    answerBroken: IGNORED,
  },
);

describe("command: with ?output=show", () => {
  const one = oneClient();

  test("shows no secret, nor the half of one at the end of what is shown", async () => {
    // The secret, whole in the middle and then across the 64 KiB that are kept.
    const program = `let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>
      process.stdout.write("got "+s+"\\n"+"y\\n".repeat((65536-5-s.length-21)/2)+s+"tail"))`;
    const result = await one.regenerate(`command:${JSON.stringify(["node", "-e", program])}?output=show`);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("node: got [secret]");
    expect(result.stderr).not.toContain(one.sandbox.liveSecret(one.id).slice(0, 12));
  });
});
