import { writeFileSync } from "node:fs";
import { DENIALS } from "../../../sandbox/org";
import { files, limits, oneClient, SECRET_CALL } from "../../helpers/one-client";

const one = oneClient({ environment: () => limits(1) });

/** Nobody but the admin may log in from this machine. */
function deny(form: string): void {
  one.sandbox.allow({
    addresses: ["203.0.113.7"],
    except: [one.sandbox.admin.clientId],
    denial: DENIALS[form],
  });
}

/** How many regenerate calls the org has accepted. */
function calls(): number {
  return one.sandbox.journal.filter(({ path, status }) => SECRET_CALL.test(path) && status === 200).length;
}

const rotation = (id: string): string[] => ["regenerate", ...one.target, "--rotation", id, "--json"];
const report = (stdout: string) => JSON.parse(stdout);
const holdsThePresentOne = (): boolean => one.stored() === one.sandbox.liveSecret(one.id);

describe.each(Object.keys(DENIALS))("on a machine that the login service denies with %s", (form) => {
  test("a new rotation id rotates once, with a warning, and nothing after it does", async () => {
    await one.storeIn("orders.json");
    deny(form);
    const rotated = await one.run(rotation("2"));
    expect([rotated.code, calls(), holdsThePresentOne()]).toEqual([0, 2, true]);
    expect(report(rotated.stdout)).toMatchObject({
      outcome: "regenerated",
      secret: "changed",
      verified: false,
      unverified: expect.stringContaining("denies this machine"),
      stores: [{ holds: "unverified" }],
    });
    expect(rotated.stderr).toContain("was not seen to log in: the login service denies this machine");
    expect(rotated.stderr).not.toContain("logs in.");
    expect(one.document("orders.json")).not.toHaveProperty("verified");

    // As `terraform apply -replace` does it.
    for (const verify of [[], ["--verify", "here"], ["--verify", "elsewhere"]]) {
      const again = await one.run([...rotation("2"), ...verify]);
      expect([again.code, calls()]).toEqual([9, 2]);
      expect(report(again.stdout)).toMatchObject({
        secret: "not changed",
        verified: false,
        error: { remedy: expect.stringContaining("set a new rotation id") },
      });
    }
  });

  test("what must be verified here ends with 9 and a mark, which a later run takes away without a rotation", async () => {
    deny(form);
    const here = { SECRET_VERIFY: "here" };
    const rotated = await one.run(rotation("1"), here);
    expect([rotated.code, calls(), holdsThePresentOne()]).toEqual([9, 1, true]);
    expect(report(rotated.stdout)).toMatchObject({ secret: "changed", verified: false });
    expect(one.document("orders.json").verified).toBe(false);

    const still = await one.run(rotation("1"), here);
    expect([still.code, calls(), one.document("orders.json").verified]).toEqual([9, 1, false]);
    const warned = await one.run(rotation("1"));
    expect([warned.code, calls(), report(warned.stdout).verified]).toEqual([0, 1, false]);

    one.sandbox.allowAll();
    const seen = await one.run(rotation("1"), here);
    expect([seen.code, calls(), report(seen.stdout).verified]).toEqual([0, 1, true]);
    expect(one.document("orders.json")).not.toHaveProperty("verified");
    expect(holdsThePresentOne()).toBe(true);
  });

  test("a marked secret that is invalid is regenerated", async () => {
    deny(form);
    await one.run(rotation("1"), { SECRET_VERIFY: "here" });
    one.sandbox.allowAll();
    const document = { ...one.document("orders.json"), client_secret: one.bornWith };
    writeFileSync(one.path("orders.json"), JSON.stringify(document));
    expect((await one.run(rotation("1"))).code).toBe(0);
    expect([calls(), one.accepts(one.stored())]).toEqual([2, true]);
  });

  test("with verify elsewhere no login is tried, and the new secret is shown as not verified", async () => {
    deny(form);
    const result = await one.run([...rotation("1"), "--verify", "elsewhere"]);
    expect([result.code, report(result.stdout).verified, calls()]).toEqual([0, false, 1]);
    const logins = one.sandbox.journal.filter(({ path }) => path === "/oauth/token");
    expect(logins.map(({ clientId }) => clientId)).toEqual([one.sandbox.admin.clientId]);
  });

  test("a new store gets the stored secret, and nothing is regenerated", async () => {
    await one.storeIn("orders.json");
    deny(form);
    const more = ["regenerate", "--client-id", one.id, ...files("orders.json", "b.json"), "--rotation", "1"];
    expect([(await one.run([...more, "--verify", "here"])).code, calls()]).toEqual([9, 1]);
    expect([(await one.run(more)).code, calls(), one.stored("b.json")]).toEqual([0, 1, one.stored()]);
  });

  test("verify, doctor and audit find that it is not known, and advise nothing that replaces it", async () => {
    await one.storeIn("orders.json");
    deny(form);
    const verified = await one.run(["verify", "--json", ...files("orders.json")]);
    expect([verified.code, report(verified.stdout).stores[0].life]).toEqual([10, "unknown"]);
    const elsewhere = await one.run(["verify", "--verify", "elsewhere", ...files("orders.json")]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([0, expect.stringContaining("No login was tried")]);

    for (const more of [[], ["--heal", "--rotate"]]) {
      const looked = await one.run(["doctor", ...one.target, ...files("empty.json"), ...more]);
      expect([looked.code, calls()]).toEqual([10, 1]);
      expect(looked.stdout).toContain("it is not known whether its secret is valid");
      expect(looked.stdout).not.toMatch(/--rotate|dead/);
    }
    const fine = await one.run(["doctor", ...one.target, "--verify", "elsewhere"]);
    expect([fine.code, fine.stdout]).toEqual([0, expect.stringContaining("No login was tried")]);

    const leak = `client_id = "${one.id}"\nclient_secret = "${one.stored()}"\n`;
    writeFileSync(one.path("leaked.log"), leak);
    const audited = await one.run(["audit", "--check-live", "leaked.log"]);
    expect(audited.code).toBe(10);
    expect(audited.stdout).toContain("unknown");
    expect(audited.stdout).not.toContain("Nothing that was found is alive");
  });

  test("rotate --due leaves alone what is not due, and does not call it verified", async () => {
    await one.storeIn("orders.json");
    deny(form);
    const client = { clientId: one.id, stores: ["file:./orders.json"], rotation: "1" };
    const manifest = (more: object): void =>
      writeFileSync(
        one.path("fleet.json"),
        JSON.stringify({ version: 1, clients: [{ ...client, ...more }] }),
      );
    const due = ["rotate", "--manifest", "fleet.json", "--due", "--json"];
    manifest({});
    const result = await one.run(due);
    expect([result.code, calls()]).toEqual([0, 1]);
    expect(report(result.stdout).clients).toMatchObject([{ outcome: "not due", verified: false }]);
    expect(result.stderr).toContain("not verified: the login service denies this machine");

    manifest({ verify: "here" });
    const here = await one.run(due);
    expect([here.code, calls()]).toEqual([8, 1]);
    expect(report(here.stdout).clients).toMatchObject([
      { outcome: "failed", secret: "not changed", error: { exit: 9 } },
    ]);

    manifest({ verify: "elsewhere" });
    const elsewhere = await one.run(due);
    expect([elsewhere.code, calls(), report(elsewhere.stdout).clients[0].outcome]).toEqual([0, 1, "not due"]);
    expect(elsewhere.stderr).not.toContain("not verified");
  });

  test("twins stop before the call, unless the login is tried elsewhere", async () => {
    const twin = one.sandbox.addClient({ name: "spare" }).id;
    const turn = (id: string, ...more: string[]) => one.run([...rotation(id), "--twin-id", twin, ...more]);
    deny(form);
    // A wrong secret is refused in words that may be those of the denial.
    const isTold = !form.includes("invalid_client");
    if (isTold) expect([(await turn("1")).code, calls()]).toEqual([6, 0]);
    one.sandbox.allowAll();
    expect([(await turn("1")).code, calls()]).toEqual([0, 1]);
    const shown = one.document("orders.json");
    deny(form);
    expect([(await turn("2")).code, calls(), one.document("orders.json")]).toEqual([6, 1, shown]);

    const elsewhere = await turn("2", "--verify", "elsewhere");
    expect([elsewhere.code, calls(), report(elsewhere.stdout).verified]).toEqual([0, 2, false]);
    expect(one.document("orders.json").client_id).not.toBe(shown.client_id);
    one.sandbox.allowAll();
    expect((await one.run(["verify", ...files("orders.json")])).code).toBe(0);
  });
});
