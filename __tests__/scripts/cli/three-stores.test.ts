import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../../helpers/leaks";
import { runProgram } from "../../helpers/program";

test("three stores at once, one of which fails: 8 says which holds what, and a rerun heals all", async () => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-test-"));
  const sandbox = await startSandbox();
  try {
    const { id } = sandbox.addClient({ name: "orders" });
    // Fails until the folder is there: a store that was ready, and is down when it matters.
    const keep = `let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>require("node:fs").writeFileSync("up/kept",s))`;
    const command = `command:${JSON.stringify(["node", "-e", keep])}`;
    const stores = ["file:./a.json", command, "file:./b.json"];
    const regenerate = () =>
      runProgram(
        ["regenerate", "--client-id", id, "--rotation", "1", ...stores.flatMap((uri) => ["--store", uri])],
        { ...sandbox.environment, GENESYS_SECRET_RETRY_TIMEOUT: "1" },
        folder,
      );
    const held = (name: string): string => JSON.parse(readFileSync(join(folder, name), "utf8")).client_secret;

    const broken = await regenerate();
    expect(broken.code).toBe(8);
    expect(broken.stderr).toContain("1 of 3 stores could not be written; an older secret there is dead");
    expect(broken.stderr).toContain("file:./a.json holds the new secret; read back, it logs in");
    expect(broken.stderr).toContain("file:./b.json holds the new secret; read back, it logs in");
    expect(broken.stderr).toContain("is NOT known to hold the new secret: it ended with exit code 1");
    expect(sandbox.accepts(id, held("a.json"))).toBe(true);
    expect(sandbox.accepts(id, held("b.json"))).toBe(true);

    mkdirSync(join(folder, "up"));
    const healed = await regenerate();
    expect(healed.code).toBe(0);
    for (const secret of [held("a.json"), held("b.json"), readFileSync(join(folder, "up/kept"), "utf8")]) {
      expect(sandbox.accepts(id, secret)).toBe(true);
    }
    stores.push("file:./c.json");
    const more = await regenerate();
    expect(more.stderr).toContain("file:./c.json holds the working secret; read back, it logs in");
    expect(more.stderr).toContain("was given the working secret by an earlier run; it cannot be read back");
    expect(more).toMatchObject({ code: 0, stdout: "" });

    const secrets = sandbox.everySecretEver().map(({ secret }) => secret);
    expect(findLeaks(broken.stdout + broken.stderr + healed.stdout + healed.stderr, secrets)).toEqual([]);
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
