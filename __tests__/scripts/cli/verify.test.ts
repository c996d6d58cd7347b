import { writeFileSync } from "node:fs";
import { files, OneClient } from "../../helpers/one-client";

let one: OneClient;
beforeEach(async () => {
  one = await OneClient.start();
});
afterEach(() => one.end());

describe("verify", () => {
  // No admin: whoever may read the store may ask whether what it holds works.
  const noAdmin = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };

  test("0 and the client, when the stored secret logs in", async () => {
    await one.regenerate("a.json");
    const result = await one.program(["verify", ...files("a.json")], noAdmin);
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`file:./a.json: logs in, client ${one.id}`),
    });
  });

  test("10 when it is dead, absent, another client's or cannot be read back", async () => {
    await one.regenerate("a.json");
    await one.regenerate("b.json");
    const other = ["--store", 'command:["node","-e",""]'];
    const result = await one.program(
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
    expect(await one.program(["verify", "--client-id", "other", ...files("b.json")], noAdmin)).toMatchObject({
      code: 10,
    });
  });

  test("the secret of a CODE client counts as alive until it is invalid_client", async () => {
    const code = one.sandbox.addClient({ name: "web", grant: "CODE" });
    expect(await one.program(["regenerate", "--client-id", code.id, ...files("web.json")])).toMatchObject({
      code: 0,
    });
    expect(await one.program(["verify", ...files("web.json")], noAdmin)).toMatchObject({ code: 0 });
    writeFileSync(
      one.path("web.json"),
      JSON.stringify({ ...one.document("web.json"), client_secret: code.secret }),
    );
    expect(await one.program(["verify", ...files("web.json")], noAdmin)).toMatchObject({ code: 10 });
  });

  test("leaves no token behind", async () => {
    await one.regenerate("a.json");
    await one.program(["verify", ...files("a.json")], noAdmin);
    const [login, revocation] = one.sandbox.journal.slice(-2);
    expect([login?.path, revocation?.method, revocation?.path]).toEqual([
      "/oauth/token",
      "DELETE",
      "/api/v2/tokens/me",
    ]);
  });
});
