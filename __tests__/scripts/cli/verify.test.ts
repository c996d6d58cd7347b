import { writeFileSync } from "node:fs";
import { files, oneClient } from "../../helpers/one-client";

const one = oneClient();

describe("verify", () => {
  // No admin: whoever may read the store may ask whether what it holds works.
  const noAdmin = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };

  test("ends with 0 and names the client when the stored secret logs in", async () => {
    await one.storeIn("a.json");
    const result = await one.run(["verify", ...files("a.json")], noAdmin);
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`file:./a.json: logs in, client ${one.id}`),
    });
  });

  test("ends with 10 when the secret is invalid, absent, another client's or cannot be read back", async () => {
    await one.storeIn("a.json");
    await one.storeIn("b.json");
    const other = ["--store", 'command:["node","-e",""]'];
    const result = await one.run(
      ["verify", "--json", ...files("a.json", "b.json", "c.json"), ...other],
      noAdmin,
    );
    expect(result.code).toBe(10);
    expect(JSON.parse(result.stdout).stores.map(({ life }: { life: string }) => life)).toEqual([
      "dead",
      "alive",
      "nothing",
      "unknown",
    ]);
    expect(JSON.parse(result.stdout).stores[1]).toEqual({
      uri: "file:./b.json",
      life: "alive",
      client_id: one.id,
      regenerated_at: expect.stringMatching(/Z$/),
      reason: null,
    });
    expect(await one.run(["verify", "--client-id", "other", ...files("b.json")], noAdmin)).toMatchObject({
      code: 10,
    });
  });

  test("counts the secret of a CODE client as valid until the answer is invalid_client", async () => {
    const code = one.sandbox.addClient({ name: "web", grant: "CODE" });
    expect(await one.run(["regenerate", "--client-id", code.id, ...files("web.json")])).toMatchObject({
      code: 0,
    });
    expect(await one.run(["verify", ...files("web.json")], noAdmin)).toMatchObject({ code: 0 });
    writeFileSync(
      one.path("web.json"),
      JSON.stringify({ ...one.document("web.json"), client_secret: code.secret }),
    );
    expect(await one.run(["verify", ...files("web.json")], noAdmin)).toMatchObject({ code: 10 });
  });

  test("leaves no token behind", async () => {
    await one.storeIn("a.json");
    await one.run(["verify", ...files("a.json")], noAdmin);
    const [login, revocation] = one.sandbox.journal.slice(-2);
    expect([login?.path, revocation?.method, revocation?.path]).toEqual([
      "/oauth/token",
      "DELETE",
      "/api/v2/tokens/me",
    ]);
  });
});
