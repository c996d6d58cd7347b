import { mkdirSync, readFileSync } from "node:fs";
import { limits, oneClient } from "../../helpers/one-client";

const one = oneClient({ environment: () => limits(1) });

test("of three stores one fails: exit 8 says which holds what, and running again heals all", async () => {
  // Fails until the folder is there: a store that was ready, and is down when it matters.
  const keep = `let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>require("node:fs").writeFileSync("up/kept",s))`;
  const command = `command:${JSON.stringify(["node", "-e", keep])}`;
  const stores = ["file:./a.json", command, "file:./b.json"];
  const regenerate = () =>
    one.run([
      "regenerate",
      "--client-id",
      one.id,
      "--rotation",
      "1",
      ...stores.flatMap((uri) => ["--store", uri]),
    ]);

  const broken = await regenerate();
  expect(broken.code).toBe(8);
  expect(broken.stderr).toContain("1 of 3 stores could not be written; an older secret there is invalid");
  expect(broken.stderr).toContain("file:./a.json holds the new secret; read back, it logs in");
  expect(broken.stderr).toContain("file:./b.json holds the new secret; read back, it logs in");
  expect(broken.stderr).toContain("is NOT known to hold the new secret: it ended with exit code 1");
  expect(one.storeIsValid("a.json")).toBe(true);
  expect(one.storeIsValid("b.json")).toBe(true);

  mkdirSync(one.path("up"));
  const healed = await regenerate();
  expect(healed.code).toBe(0);
  for (const secret of [
    one.stored("a.json"),
    one.stored("b.json"),
    readFileSync(one.path("up/kept"), "utf8"),
  ]) {
    expect(one.accepts(secret)).toBe(true);
  }
  stores.push("file:./c.json");
  const more = await regenerate();
  expect(more.stderr).toContain("file:./c.json holds the working secret; read back, it logs in");
  expect(more.stderr).toContain("was given the working secret by an earlier run; it cannot be read back");
  expect(more).toMatchObject({ code: 0, stdout: "" });
});
