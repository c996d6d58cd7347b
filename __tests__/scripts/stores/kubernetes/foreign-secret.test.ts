import { Cluster } from "../../../helpers/kubernetes/cluster";
import type { SecretBody } from "../../../helpers/kubernetes/managed-secret";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute, refusedWrite } from "../../../helpers/store-rows";

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

for (const [condition, body, words] of [
  [
    "a Secret with a controller",
    { metadata: { ownerReferences: owner(true) } },
    'belongs to ExternalSecret "orders"',
  ],
  [
    "a Secret that is being deleted",
    { metadata: { deletionTimestamp: "2026-11-28T12:00:00Z" } },
    "is being deleted",
  ],
  ["an immutable Secret", { immutable: true }, "the Secret is immutable"],
] as const)
  refusedWrite({ store: "kubernetes", condition, place: "exists" }, async () => {
    put({ stringData: { note: "theirs" }, ...body });
    one.expectNotReady(await regenerate("?force=true", "--dry-run"), words);
    const result = await regenerate("?force=true");
    one.expectNotReady(result, words);
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(secret()?.value("client_secret")).toBeUndefined();
    return one.outcome(result);
  });

refusedWrite(
  {
    store: "kubernetes",
    condition: "a Secret that only goes together with something (an owner, no controller)",
    place: "exists",
    exit: 0,
    calls: 1,
  },
  async () => {
    put({ stringData: { note: "theirs" }, metadata: { ownerReferences: owner() } });
    const result = await regenerate();
    expect(one.accepts(secret()?.value("client_secret"))).toBe(true);
    return one.outcome(result);
  },
);

describe("of a Secret that is there", () => {
  const theirs: SecretBody = {
    type: "example.com/login",
    data: { bytes: Buffer.from([0, 255, 254, 10]).toString("base64") },
    stringData: { note: "theirs", big: "12345678901234567890", empty: "" },
    metadata: {
      labels: { app: "orders" },
      annotations: { "example.com/team": "web" },
      ownerReferences: owner(),
    },
  };

  interface Shown {
    readonly type: string;
    readonly data: Record<string, string>;
    readonly metadata: {
      readonly labels: unknown;
      readonly annotations: unknown;
      readonly ownerReferences: unknown;
      readonly managedFields: readonly { manager: string }[];
    };
  }

  const kept: readonly (readonly [string, (shown: Shown) => unknown])[] = [
    ["labels", ({ metadata }) => metadata.labels],
    ["annotations", ({ metadata }) => metadata.annotations],
    ["what it goes together with (ownerReferences)", ({ metadata }) => metadata.ownerReferences],
    ["its type", ({ type }) => type],
    ["keys of others", ({ data }) => [data.note, data.empty]],
    ["keys of others that hold no text", ({ data }) => data.bytes],
    ["long numbers in keys of others", ({ data }) => data.big],
    [
      "who manages the keys of others (managedFields)",
      ({ metadata }) => metadata.managedFields.filter(({ manager }) => manager === "somebody"),
    ],
  ];
  for (const [attribute, of] of kept)
    keptAttribute("kubernetes", attribute, async () => {
      put(theirs);
      const shown = (): unknown => of(JSON.parse(JSON.stringify(secret())));
      const before = shown();
      expect(JSON.stringify(before).length).toBeGreaterThan(8);
      for (let run = 0; run < 2; run += 1) expect(await regenerate()).toMatchObject({ code: 0 });
      expect(shown()).toEqual(before);
      expect(one.accepts(secret()?.value("client_secret"))).toBe(true);
    });
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
  keptAttribute("kubernetes", "the usual keys of others, where the URI names other ones", async () => {
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
