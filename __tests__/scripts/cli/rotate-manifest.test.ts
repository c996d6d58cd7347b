import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, Fleet } from "../../helpers/fleet";

let fleet: Fleet;
beforeEach(async () => {
  fleet = await Fleet.start();
});
afterEach(() => fleet.end());

const HIDDEN = "kR9-hunter2-hunter2";

describe("a manifest that does not fit ends with 2 and names the field, the rule and the value before anything is sent", () => {
  test.each<[string, unknown, string | RegExp]>([
    ["not JSON", "{", "is not JSON"],
    ["a list", [], "the document must be an object with version and clients, it is []."],
    [
      "no version",
      { clients: [] },
      "version must be 1, the only version that this program knows, it is missing.",
    ],
    [
      "a later version",
      { version: 2, clients: [] },
      "version must be 1, the only version that this program knows, it is 2.",
    ],
    ["no clients", { version: 1 }, "clients must be a list of clients, it is missing."],
    ["an unknown field", { version: 1, clients: [], extra: 1 }, 'the document has no field "extra".'],
    [
      "a client that is a text",
      { version: 1, clients: ["orders"] },
      'clients[0] must be an object, it is "orders".',
    ],
    [
      "an unknown field of a client",
      { version: 1, clients: [{ ...entry("a"), client_secret: HIDDEN }] },
      'clients[0] has no field "client_secret".',
    ],
    [
      "neither name nor id",
      { version: 1, clients: [entry("a"), { ...entry("b"), name: undefined }] },
      "clients[1] must have either a name or a clientId.",
    ],
    [
      "both",
      { version: 1, clients: [{ ...entry("a"), clientId: "1" }] },
      "clients[0] must have either a name or a clientId.",
    ],
    ["a blank name", { version: 1, clients: [entry(" ")] }, 'clients[0].name must not be blank, it is " ".'],
    [
      "a malformed id",
      { version: 1, clients: [{ ...entry("a"), name: undefined, clientId: "a/b" }] },
      'clients[0].clientId must be letters, digits and hyphens, such as a UUID, it is "a/b".',
    ],
    [
      "no stores",
      { version: 1, clients: [entry("a", { stores: [] })] },
      "clients[0].stores must hold a store, it is [].",
    ],
    [
      "an unknown store",
      { version: 1, clients: [entry("a", { stores: ["valt:a/b"] })] },
      /clients\[0\]\.stores\[0\] does not fit: The store URI "valt:a\/b" is not valid: its scheme is unknown/,
    ],
    [
      "a store that prints",
      { version: 1, clients: [entry("a", { stores: ["stdout:"] })] },
      "clients[0].stores[0] must not be stdout:, which takes one secret only.",
    ],
    [
      "neither rotation nor schedule",
      { version: 1, clients: [entry("a", { rotation: undefined })] },
      "clients[0] must have either a rotation or a schedule.",
    ],
    [
      "both of them",
      { version: 1, clients: [entry("a", { schedule: "every 30 days from 2026-01-01T00:00:00Z" })] },
      "clients[0] must have either a rotation or a schedule.",
    ],
    [
      "a malformed schedule",
      { version: 1, clients: [entry("a", { rotation: undefined, schedule: "every month" })] },
      'clients[0].schedule must be one such as "every 30 days from 2026-01-01T00:00:00Z", it is "every month".',
    ],
    [
      "a rotation id with a line break",
      { version: 1, clients: [entry("a", { rotation: "a\nb" })] },
      /clients\[0\]\.rotation does not fit: The rotation id must be/,
    ],
    [
      "a client that is its own twin",
      { version: 1, clients: [entry("a", { twin: "a" })] },
      "clients[0].twin must be another client.",
    ],
    [
      "twins where no id can be kept",
      { version: 1, clients: [entry("a", { twin: "b", stores: ['command:["true"]'] })] },
      /clients\[0\]\.stores cannot keep twins: .* holds the bare secret/,
    ],
    [
      "an unknown region",
      { version: 1, clients: [entry("a", { region: "mars-1" })] },
      /clients\[0\]\.region does not fit: The region "mars-1" is unknown/,
    ],
    [
      "a secret where the name of its variable belongs",
      {
        version: 1,
        clients: [entry("a", { adminCredentials: { clientIdVariable: "A", clientSecretVariable: HIDDEN } })],
      },
      /clients\[0\]\.adminCredentials\.clientSecretVariable must be the name of a variable .* not shown/,
    ],
    [
      "a command that is a text",
      { version: 1, clients: [{ ...entry("a"), then: "ls" }] },
      "clients[0].then must be a command",
    ],
    [
      "a place to verify that is none",
      { version: 1, clients: [{ ...entry("a"), verify: "maybe" }] },
      'clients[0].verify must be "here" or "elsewhere"',
    ],
    [
      "a client twice",
      { version: 1, clients: [entry("a"), entry("a", { stores: ["file:./b.json"] })] },
      /clients\[1\] names the client that .*clients\[0\] names, too\./,
    ],
    [
      "a store twice",
      { version: 1, clients: [entry("a"), entry("b", { stores: ["file:../stack/a.json"] })] },
      /clients\[1\] names a store that .*clients\[0\] names, too\./,
    ],
    [
      "a store twice, which is to be made in two ways",
      {
        version: 1,
        clients: [
          entry("a", { stores: ["aws-secretsmanager:orders"] }),
          entry("b", { stores: ["aws-secretsmanager:orders?create=true"] }),
        ],
      },
      /clients\[1\] names a store that .*clients\[0\] names, too\./,
    ],
  ])("when it is wrong in this: %s", async (_, document, message) => {
    writeFileSync(fleet.manifest, typeof document === "string" ? document : JSON.stringify(document));
    const result = await fleet.rotate();
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(
      typeof message === "string" ? new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : message,
    );
    expect(result.stderr).not.toContain(HIDDEN);
    expect(fleet.sandbox.journal).toEqual([]);
    expect(readdirSync(join(fleet.folder, "stack"))).toEqual(["genesys-secret.manifest.json"]);
  });

  test("when it is not there", async () => {
    expect(await fleet.rotate()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/The manifest ".*" cannot be read \(ENOENT\)(.|\n)*cdktf synth/),
    });
  });
});

test.each([
  ["--shard", "0/3"],
  ["--shard", "4/3"],
  ["--shard", "one"],
  ["--concurrency", "0"],
  ["--concurrency", "65"],
  ["--region", "mars-1"],
  ["--retry-timeout", "x"],
])("%s %s is refused before anything is sent", async (flag, value) => {
  fleet.clients(1);
  fleet.write([entry("service-0")]);
  expect(await fleet.rotate([flag, value])).toMatchObject({ code: 2, stdout: "" });
  expect(fleet.sandbox.journal).toEqual([]);
});

test("several manifests are one fleet; each one's stores lie beside it", async () => {
  const { ids } = fleet.clients(2);
  fleet.write([entry("service-0")]);
  mkdirSync(join(fleet.folder, "other"));
  const other = fleet.write(
    [entry("service-1")],
    join(fleet.folder, "other", "genesys-secret.manifest.json"),
  );
  const { code } = await fleet.rotate(["--manifest", other]);
  expect(code).toBe(0);
  expect(fleet.isLive(ids[0] as string, "service-0")).toBe(true);
  expect(readdirSync(join(fleet.folder, "other")).sort()).toEqual([
    "genesys-secret.manifest.json",
    "service-1.json",
  ]);
  expect(fleet.sandbox.journal.filter(({ path }) => path === "/api/v2/oauth/clients")).toHaveLength(1);
});

test("a client that two entries mean, by name and by id, is rotated once and said", async () => {
  const { ids } = fleet.clients(1);
  fleet.write([entry("service-0"), { ...entry("x"), name: undefined, clientId: ids[0] }]);
  const { code, stdout } = await fleet.rotate(["--json"]);
  expect(code).toBe(8);
  expect(JSON.parse(stdout).counts).toEqual({ regenerated: 1, failed: 1 });
  expect(stdout).toContain("ERR_CLIENT_TWICE");
  expect(fleet.rotations(ids[0] as string)).toBe(1);
});

test("an empty fleet has nothing to do", async () => {
  fleet.write([]);
  expect(await fleet.rotate()).toMatchObject({ code: 0, stdout: "0 clients in 1 s\n" });
});
