import { overtake } from "../../../helpers/later-run";
import { DATA_PATH, ENTRY, POLICY } from "../../../helpers/vault/fixture";
import { VaultRotation } from "../../../helpers/vault/rotation";

let rotation: VaultRotation;

beforeEach(async () => {
  rotation = await VaultRotation.start();
});

afterEach(() => rotation.close());

const FOREIGN = { owner: "somebody else" };

describe("two writers notice each other", () => {
  test("fields that came in between are kept", async () => {
    rotation.onRegenerate(() => rotation.store.mount.put(ENTRY, FOREIGN));
    const result = await rotation.regenerate();
    rotation.expectStored(result);
    expect(result.stderr).toContain("somebody else has written it meanwhile; their fields are kept");
    expect(rotation.store.mount.latest(ENTRY)).toMatchObject(FOREIGN);
  });

  test("the secret of a later run is left in place with exit 9, whatever its date", async () => {
    overtake(rotation.sandbox, rotation.client.id, (later) => rotation.store.mount.put(ENTRY, later));
    const result = await rotation.regenerate();
    expect(result).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("holds the secret of another run"),
    });
    expect(rotation.sandbox.accepts(rotation.client.id, rotation.store.readSecret() ?? "")).toBe(true);
  });

  test("the secret of an earlier run is written over with exit 0, whatever its date", async () => {
    const earlier = {
      client_id: rotation.client.id,
      client_secret: "the-secret-of-the-other-run",
      regenerated_at: "2999-01-01T00:00:00.000Z",
    };
    rotation.onRegenerate(() => rotation.store.mount.put(ENTRY, earlier));
    const result = await rotation.regenerate();
    rotation.expectStored(result);
    expect(result.stderr).toContain("another run has written a secret that is dead by now");
  });

  test("somebody who never stops writing makes a run end with 8", async () => {
    rotation.store.vault.interfere = ({ method, path }) => {
      if (method === "POST" && path === DATA_PATH) rotation.store.mount.put(ENTRY, FOREIGN);
      return undefined;
    };
    const result = await rotation.regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "1" });
    expect(result).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("somebody else keeps writing it"),
    });
  });
});

test("a write whose answer was lost is recognized as our own", async () => {
  let lost = 0;
  rotation.store.vault.interfere = ({ method, path }) =>
    method === "POST" && path === DATA_PATH && lost++ === 0 ? { answer: "cut", after: true } : undefined;
  const result = await rotation.regenerate();
  rotation.expectStored(result);
  expect(result.stderr).not.toContain("meanwhile");
  expect(rotation.store.mount.versions(ENTRY)).toBe(1);
});

test("an entry whose latest version was deleted is written again", async () => {
  rotation.expectStored(await rotation.regenerate());
  rotation.store.mount.serve("DELETE", `data/${ENTRY}`, undefined);
  rotation.expectStored(await rotation.regenerate());
  expect(rotation.store.mount.versions(ENTRY)).toBe(2);
});

test("the document is kept, with the secret in a field of another name", async () => {
  const uri = `${rotation.store.uri}?field=password`;
  const { code } = await rotation.regenerate({}, uri);
  expect(code).toBe(0);
  const { password, ...document } = rotation.store.mount.latest(ENTRY) ?? {};
  expect(rotation.sandbox.accepts(rotation.client.id, String(password))).toBe(true);
  expect(document).toEqual({
    client_id: rotation.client.id,
    region: "us-east-1",
    regenerated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    rotation: null,
    stores: [uri],
  });
});

test("JSON of others goes back as it came: long numbers, layout, what stands twice (F7)", async () => {
  const foreign =
    '"tenant":12345678901234567890, "snowflake" : 1057345678901234567,"huge":1e400,"half":1.50,"a":1,"a":2';
  let held = `{${foreign}}`;
  let version = 1;
  rotation.store.gate.instead(async (request, response) => {
    const answer = (status: number, body: string): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    };
    if (request.url !== `/v1/${DATA_PATH}`) return rotation.store.vault.listener(request, response);
    if (request.method === "GET")
      return answer(200, `{"data":{"data":${held},"metadata":{"version":${version},"deletion_time":""}}}`);
    let body = "";
    for await (const chunk of request) body += chunk;
    const [, fields, cas] = /^\{"data":(.*),"options":\{"cas":(\d+)\}\}$/s.exec(body) ?? [];
    if (fields === undefined || Number(cas) !== version)
      return answer(400, '{"errors":["check-and-set parameter did not match the current version"]}');
    held = fields;
    version += 1;
    return answer(200, `{"data":{"version":${version},"deletion_time":""}}`);
  });
  for (let run = 1; run <= 2; run += 1) {
    expect((await rotation.regenerate()).code).toBe(0);
    expect(held.startsWith(`{${foreign},`)).toBe(true);
    expect(rotation.sandbox.accepts(rotation.client.id, JSON.parse(held).client_secret)).toBe(true);
    expect(version).toBe(run + 1);
  }
});

describe("remove", () => {
  const remove = (
    environment: Record<string, string> = {
      VAULT_TOKEN: rotation.store.vault.tokens.issue({
        rules: { [DATA_PATH]: [...(POLICY[DATA_PATH] ?? []), "delete"] },
      }).id,
    },
    id = rotation.client.id,
  ) => rotation.run(["remove", "--yes", "--client-id", id, "--store", rotation.store.uri], environment);

  test("deletes the latest version, which can be undeleted", async () => {
    rotation.expectStored(await rotation.regenerate());
    expect((await remove()).code).toBe(0);
    expect(rotation.store.mount.latest(ENTRY)).toBeUndefined();
    expect(rotation.store.mount.versions(ENTRY)).toBe(1);
    expect((await remove()).stderr).toContain("holds nothing of this client");
  });

  test("takes out our fields only, when there are others", async () => {
    rotation.store.seedOtherFields();
    rotation.expectStored(await rotation.regenerate());
    expect((await remove()).code).toBe(0);
    expect(Object.keys(rotation.store.mount.latest(ENTRY) ?? {}).sort()).toEqual(["nested", "owner"]);
  });

  test("leaves another client's document alone", async () => {
    rotation.expectStored(await rotation.regenerate());
    expect((await remove(undefined, "another-client")).stderr).toContain("holds nothing of this client");
    expect(rotation.store.readSecret()).toBeDefined();
  });

  test("a token that may not delete says so", async () => {
    rotation.expectStored(await rotation.regenerate());
    const result = await remove({});
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(`the token is not allowed deleting ${DATA_PATH} (403)`);
  });
});
