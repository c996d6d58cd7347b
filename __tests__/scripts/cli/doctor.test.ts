import { existsSync, rmSync } from "node:fs";
import { files, oneClient } from "../../helpers/one-client";
import { adminToken } from "../../torture/admin-token";

const one = oneClient();

describe("doctor", () => {
  test("ends with 0 and prints a table when nothing is wrong", async () => {
    await one.storeIn("a.json", "b.json");
    const result = await one.run(["doctor", ...files("a.json", "b.json")]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^READY +HOLDS CLIENT +LOGS IN +AGE +ROTATION +STORE\n/);
    expect(result.stdout).toMatch(new RegExp(`^yes +${one.id} +yes +\\d+ s +1 +file:./a.json$`, "m"));
    expect(result.stdout).toContain("Nothing is wrong.");
  });

  test("ends with 10 and says what to do; --heal makes three disagreeing stores agree without a rotation", async () => {
    await one.storeIn("dead.json");
    await one.storeIn("live.json");
    const stores = files("dead.json", "live.json", "empty.json");
    const sick = await one.run(["doctor", "--client-id", one.id, ...stores]);
    expect(sick).toMatchObject({
      code: 10,
      stdout: expect.stringContaining("file:./dead.json: its secret is invalid"),
    });
    expect(sick.stdout).toContain("file:./empty.json: it holds no secret");
    expect(sick.stdout).toContain(
      `To copy the working secret here: genesys-secret doctor --heal --client-id ${one.id} ${stores.join(" ")}\n`,
    );
    const before = one.accepted();
    expect(await one.run(["doctor", "--heal", ...stores])).toMatchObject({ code: 0 });
    expect(one.accepted()).toBe(before);
    for (const name of ["dead.json", "live.json", "empty.json"]) {
      expect(one.storeIsValid(name)).toBe(true);
    }
  });

  test("with --heal does not rotate where no secret is valid, and with --heal --rotate does", async () => {
    await one.storeIn("a.json");
    await one.storeIn("elsewhere.json");
    rmSync(one.path("elsewhere.json"));
    const before = one.accepted();
    const sick = await one.run(["doctor", "--heal", "--client-id", one.id, ...files("a.json")]);
    expect(sick).toMatchObject({
      code: 10,
      stdout: expect.stringContaining(
        `To make a new one: genesys-secret doctor --heal --rotate --client-id ${one.id} --store file:./a.json\n`,
      ),
    });
    expect(one.accepted()).toBe(before);
    expect(
      await one.run(["doctor", "--heal", "--rotate", "--client-id", one.id, ...files("a.json")]),
    ).toMatchObject({ code: 0 });
    expect(one.accepted()).toBe(before + 1);
  });

  test("finds a rotation that an engine recorded as done and that never was, and makes up for it", async () => {
    await one.storeIn("a.json");
    const asked = ["--rotation", "version:2", "--client-id", one.id, ...files("a.json")];
    const before = one.accepted();
    const sick = await one.run(["doctor", "--heal", ...asked]);
    expect(sick.code).toBe(10);
    expect(sick.stdout).toContain(
      'its secret works, but is of the rotation "1", not of the rotation "version:2"',
    );
    expect(sick.stdout).toContain("doctor --heal --rotate --rotation version:2");
    expect(one.accepted()).toBe(before);
    expect(await one.run(["doctor", "--heal", "--rotate", ...asked])).toMatchObject({ code: 0 });
    expect(await one.run(["doctor", ...asked])).toMatchObject({ code: 0 });
    expect(await one.run(["doctor", "--heal", "--rotate", ...asked])).toMatchObject({ code: 0 });
    expect(one.accepted()).toBe(before + 1);
  });

  test("with --heal --rotate does not rotate when the login service is out of reach", async () => {
    await one.storeIn("a.json");
    one.sandbox.fault({ path: "/oauth/token", status: 503, times: Number.POSITIVE_INFINITY });
    const before = one.accepted();
    const result = await one.run(["doctor", "--heal", "--rotate", "--client-id", one.id, ...files("a.json")]);
    expect(result).toMatchObject({
      code: 10,
      stdout: expect.stringContaining("it is not known whether its secret is valid"),
    });
    expect(one.accepted()).toBe(before);
  });

  describe("with the stores of two clients", () => {
    let other: string;
    const secretIn = (name: string): unknown => one.document(name).client_secret;
    beforeEach(async () => {
      other = one.sandbox.addClient({ name: "billing" }).id;
      await one.storeIn("orders.json");
      const billing = ["regenerate", "--client-id", other, "--rotation", "7", ...files("billing.json")];
      expect(await one.run(billing)).toMatchObject({ code: 0 });
    });

    test("prints one table for both, and a heal leaves both their secrets", async () => {
      const before = [secretIn("orders.json"), secretIn("billing.json")];
      const result = await one.run(["doctor", "--heal", ...files("orders.json", "billing.json")]);
      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing is wrong.") });
      const rows = result.stdout.split("\n").filter((line) => line.startsWith("yes"));
      expect(rows).toEqual([
        expect.stringMatching(new RegExp(`^yes +${one.id} +yes .* file:./orders.json$`)),
        expect.stringMatching(new RegExp(`^yes +${other} +yes .* 7 +file:./billing.json$`)),
      ]);
      expect([secretIn("orders.json"), secretIn("billing.json")]).toEqual(before);
    });

    test("heals each from its own; an empty store that nobody lists stays empty", async () => {
      const copy = one.document("orders.json");
      await one.storeIn("orders.json");
      one.put("stale.json", JSON.stringify(copy));
      const before = one.accepted();
      const stores = files("billing.json", "orders.json", "stale.json", "empty.json");
      const result = await one.run(["doctor", "--heal", ...stores]);
      expect(result).toMatchObject({
        code: 10,
        stdout: expect.stringContaining("file:./empty.json: it holds no"),
      });
      expect(secretIn("stale.json")).toBe(secretIn("orders.json"));
      expect(one.document("stale.json").stores).toEqual(["file:./orders.json", "file:./stale.json"]);
      expect(one.sandbox.accepts(other, secretIn("billing.json") as string)).toBe(true);
      expect(existsSync(one.path("empty.json"))).toBe(false);
      expect(one.accepted()).toBe(before);
    });

    test.each([
      ["--heal", []],
      ["--heal --rotate", ["--rotate"]],
    ])("never replaces with %s for one of them the working secret of the other", async (_title, flags) => {
      rmSync(one.path("orders.json"));
      const before = [secretIn("billing.json"), one.accepted()];
      const result = await one.run([
        "doctor",
        "--heal",
        ...flags,
        "--client-id",
        one.id,
        ...files("orders.json", "billing.json"),
      ]);
      expect(result.code).toBe(10);
      expect(result.stdout).toContain(`it holds the working secret of another client, ${other}`);
      expect(result.stdout).toContain(
        `genesys-secret remove --client-id ${other} --store file:./billing.json --yes\n`,
      );
      expect([secretIn("billing.json"), one.accepted()]).toEqual(before);
    });

    test("never replaces it for a missed rotation of one of them", async () => {
      const before = [secretIn("billing.json"), secretIn("orders.json"), one.accepted()];
      const stores = files("orders.json", "billing.json");
      const flags = ["--heal", "--rotate", "--rotation", "version:2", "--client-id", one.id];
      const result = await one.run(["doctor", ...flags, ...stores]);
      expect(result.code).toBe(10);
      expect(result.stdout).toContain('not of the rotation "version:2"');
      expect([secretIn("billing.json"), secretIn("orders.json"), one.accepted()]).toEqual(before);
    });
  });

  test("reports a store that is not ready, and one of another client", async () => {
    await one.storeIn("a.json");
    one.put("broken.json", "not JSON");
    const result = await one.run([
      "doctor",
      "--json",
      "--client-id",
      "other",
      ...files("a.json", "broken.json"),
    ]);
    expect(result.code).toBe(10);
    const problems = JSON.parse(result.stdout).findings.map(({ problem }: { problem: string }) => problem);
    expect(problems).toEqual([
      expect.stringContaining("another client"),
      expect.stringContaining("not a JSON object"),
    ]);
  });

  test("names what a destroyed client left, and how to remove it; remove keeps others' fields", async () => {
    await one.storeIn("a.json");
    one.put("a.json", JSON.stringify({ ...one.document("a.json"), note: "mine" }));
    const headers = {
      authorization: `Bearer ${await adminToken(one.sandbox)}`,
      "content-type": "application/json",
    };
    const client = `${one.sandbox.origin}/api/v2/oauth/clients/${one.id}`;
    const body = { name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS", state: "inactive" };
    await fetch(client, { method: "PUT", headers, body: JSON.stringify(body) });
    await fetch(client, { method: "DELETE", headers });
    const result = await one.run(["doctor", ...files("a.json")]);
    expect(result.stdout).toContain(`genesys-secret remove --client-id ${one.id} --store file:./a.json\n`);
    expect(await one.run(["remove", "--client-id", "other", ...files("a.json")])).toMatchObject({
      code: 0,
    });
    expect(one.document("a.json").client_id).toBe(one.id);
    expect(await one.run(["remove", "--client-id", one.id, ...files("a.json")])).toMatchObject({
      code: 0,
    });
    expect(one.document("a.json")).toEqual({ note: "mine" });
  });
});
