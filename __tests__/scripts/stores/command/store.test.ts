import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { limits, oneClient } from "../../../helpers/one-client";
import { describeStore } from "../../../helpers/store-conformance";
import { refusedWrite } from "../../../helpers/store-rows";

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

describe("command: whose program", () => {
  const one = oneClient({ environment: () => limits(1) });
  const program = (): string => one.path("keep");
  const URI = 'command:["./keep"]';

  function write(script: string, mode = 0o755): void {
    writeFileSync(program(), script);
    chmodSync(program(), mode);
  }

  refusedWrite({ store: "command", condition: "a program that is not there", place: "new" }, async () => {
    const result = await one.regenerate(URI);
    one.expectNotReady(result, '"./keep" of a command: store is not found');
    expect(one.accepts(one.bornWith)).toBe(true);
    return one.outcome(result);
  });

  for (const place of ["exists", "new"] as const) {
    const kept = (): string => one.path("kept");
    const seed = (): void => {
      if (place === "exists") writeFileSync(kept(), "an old secret");
    };

    refusedWrite({ store: "command", condition: "a program that may not be executed", place }, async () => {
      seed();
      write("#!/bin/sh\ncat > kept\n", 0o644);
      const result = await one.regenerate(URI);
      one.expectNotReady(result, "may not be executed");
      expect(one.accepts(one.bornWith)).toBe(true);
      return one.outcome(result);
    });

    for (const [condition, script, words, options] of [
      ["a program that fails", "exit 3", "it ended with exit code 3", ""],
      ["a program that is killed", "kill -9 $$", "it was ended by SIGKILL", ""],
      ["a program that does not end in time", "exec sleep 60", "it was ended by SIGKILL", "?timeout=1"],
    ] as const)
      refusedWrite({ store: "command", condition, place, exit: 8, calls: 1 }, async () => {
        seed();
        write(`#!/bin/sh\n${script}\n`);
        const result = await one.regenerate(URI + options);
        expect(result.stderr).toContain(words);
        const outcome = one.outcome(result);
        write("#!/bin/sh\ncat > kept\n");
        expect(await one.regenerate(URI)).toMatchObject({ code: 0 });
        expect(one.accepts(readFileSync(kept(), "utf8"))).toBe(true);
        return outcome;
      });

    refusedWrite(
      {
        store: "command",
        condition: "a program that does not read what it is given, and says that all is well",
        place,
        exit: 0,
        calls: 1,
      },
      async () => {
        seed();
        write("#!/bin/sh\nexec <&-; exit 0\n");
        return one.outcome(await one.regenerate(URI));
      },
    );
  }
});
