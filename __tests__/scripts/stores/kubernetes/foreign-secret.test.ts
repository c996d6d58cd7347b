import { Cluster } from "../../../helpers/kubernetes/cluster";
import type { SecretBody } from "../../../helpers/kubernetes/managed-secret";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";

const URI = "kubernetes:default/orders";

let cluster: Cluster;
const one = oneClient({
  environment: () => ({ ...limits(1), KUBECONFIG: cluster.kubeconfig("config.json") }),
  credentials: () => [cluster.account.token],
});

beforeEach(async () => {
  cluster = await Cluster.start(one.folder);
});

afterEach(() => cluster.close());

const put = (body: SecretBody): void => cluster.api.put("default", "orders", body, "somebody");
const secret = () => cluster.api.secret("default", "orders");
const regenerate = (options = "", ...args: string[]): Promise<ProgramResult> =>
  one.regenerate(URI + options, {}, ...args);
const patches = () => cluster.api.calls.filter(({ method }) => method === "PATCH");

const owner = (controller?: boolean) => [
  {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    name: "orders",
    uid: "1",
    ...(controller && { controller }),
  },
];

describe("a Secret that would not keep what is written ends a run with 6 before the call", () => {
  test.each<[string, SecretBody["metadata"], string]>([
    ["one with a controller", { ownerReferences: owner(true) }, 'belongs to ExternalSecret "orders"'],
    ["one that is being deleted", { deletionTimestamp: "2026-11-28T12:00:00Z" }, "is being deleted"],
  ])("because of %s", async (_what, metadata, words) => {
    put({ stringData: { note: "theirs" }, metadata });
    for (const args of [["--dry-run"], []])
      one.expectNotReady(await regenerate("?force=true", ...args), words, "run again");
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(secret()?.value("client_secret")).toBeUndefined();
  });

  test("one that only goes together with something is written", async () => {
    put({ stringData: { note: "theirs" }, metadata: { ownerReferences: owner() } });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(one.accepts(secret()?.value("client_secret"))).toBe(true);
  });
});

test("labels, annotations, the type, the owner and the keys of others are kept", async () => {
  const metadata = {
    labels: { app: "orders" },
    annotations: { "example.com/team": "web" },
    ownerReferences: owner(),
  };
  put({ type: "example.com/login", stringData: { note: "theirs", big: "12345678901234567890" }, metadata });
  expect(await regenerate()).toMatchObject({ code: 0 });
  expect(await regenerate()).toMatchObject({ code: 0 });
  expect(JSON.parse(JSON.stringify(secret()))).toMatchObject({ type: "example.com/login", metadata });
  expect(secret()?.value("note")).toBe("theirs");
  expect(secret()?.value("big")).toBe("12345678901234567890");
});

describe("the rehearsal", () => {
  test.each([
    ["a new Secret", false],
    ["one that exists", true],
  ])("of %s is the very call that writes, but for the secret and for dryRun", async (_what, exists) => {
    if (exists) put({ stringData: { note: "theirs" } });
    expect(await regenerate("", "--rotation", "7")).toMatchObject({ code: 0 });
    const [rehearsal, real, ...others] = patches();
    expect(others).toEqual([]);
    expect([rehearsal?.dryRun, real?.dryRun]).toEqual([true, false]);
    const withoutSecret = (body = "{}"): unknown => {
      const { data, ...rest } = JSON.parse(body);
      const { client_secret, regenerated_at, ...fields } = data;
      return { ...rest, fields, has: typeof client_secret, at: typeof regenerated_at };
    };
    expect(withoutSecret(rehearsal?.body)).toEqual(withoutSecret(real?.body));
    expect(JSON.parse(rehearsal?.body ?? "{}").metadata.resourceVersion !== undefined).toBe(exists);
  });

  test("of a dry run is made only when it is asked for, and makes no Secret", async () => {
    expect(await regenerate("", "--dry-run")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("--rehearse tries it"),
    });
    expect(patches()).toEqual([]);
    expect(await regenerate("", "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(patches()).toMatchObject([{ dryRun: true }]);
    expect(secret()).toBeUndefined();
  });
});

describe("the keys of the id and the secret", () => {
  test("may have other names; what stands under the usual ones is somebody else's", async () => {
    put({ stringData: { client_id: "theirs", client_secret: "theirs" } });
    const options = "?client_id_key=GENESYS_ID&client_secret_key=GENESYS_SECRET";
    expect(await regenerate(options)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("read back, it logs in"),
    });
    expect(secret()?.value("GENESYS_ID")).toBe(one.id);
    expect(one.accepts(secret()?.value("GENESYS_SECRET"))).toBe(true);
    expect(secret()?.value("client_secret")).toBe("theirs");
    const removed = await one.run(["remove", "--yes", "--client-id", one.id, "--store", URI + options]);
    expect(removed).toMatchObject({ code: 0 });
    expect(secret()?.value("GENESYS_SECRET")).toBeUndefined();
    expect(secret()?.value("client_secret")).toBe("theirs");
  });

  test.each([
    ["a character that no key has", "?client_secret_key=a/b", '"a/b" is not'],
    ["another field's name", "?client_id_key=region", '"region" is not'],
    ["one name for both", "?client_id_key=x&client_secret_key=x", '"x" is not'],
  ])("end a run with 2 for %s", async (_what, options, words) => {
    expect(await regenerate(options)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    expect(cluster.api.calls).toEqual([]);
  });
});
