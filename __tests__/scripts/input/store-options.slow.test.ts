import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { SCHEMES, type Scheme } from "../../../scripts/stores/schemes";
import { assertHarmless, hostileText } from "../../helpers/hostile-text";
import type { Opened } from "./open-each";
import { WELL_FORMED } from "./well-formed";

const OPTIONS = Object.entries(SCHEMES).flatMap(([scheme, { options }]) =>
  Object.keys(options).map((option) => [scheme as Scheme, option] as const),
);
const EACH = 60;
/** Names that every object has: no list of known values may know them. */
const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty"];

const value = fc.oneof(
  hostileText,
  fc.constantFrom(
    "true",
    "false",
    "token",
    "approle",
    "jwt",
    "client_id",
    "output",
    "show",
    "5",
    "0",
    "1e9",
    "a.b",
  ),
);

function openEach(uris: readonly string[]): { opened: Opened[]; said: string[]; sockets: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(__dirname, "open-each.ts")],
    {
      input: JSON.stringify(uris),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("every option of every store, with anything: it opens, or is refused by name before anything is touched", () => {
  const cases = OPTIONS.flatMap(([scheme, option]) =>
    [...INHERITED, ...fc.sample(value, EACH)].map((text) => ({ scheme, option, text })),
  );
  const uris = cases.map(
    ({ scheme, option, text }) =>
      `${scheme}:${WELL_FORMED[scheme]}?${new URLSearchParams({ [option]: text })}`,
  );
  const { opened, said, sockets } = openEach(uris);

  expect(sockets).toBe(0);
  said.forEach(assertHarmless);
  const refusals = new Map<string, number>();
  for (const [index, { refused, exitCode, defect }] of opened.entries()) {
    const { scheme, option } = cases[index] as (typeof cases)[number];
    expect([uris[index], defect]).toEqual([uris[index], undefined]);
    if (refused === undefined) continue;
    expect(exitCode).toBe(2);
    expect(refused).toContain(option);
    expect([refused.length < 1000, refused.includes("\n")]).toEqual([true, false]);
    assertHarmless(refused);
    refusals.set(`${scheme}:${option}`, (refusals.get(`${scheme}:${option}`) ?? 0) + 1);
  }
  expect(opened.length).toBeGreaterThan(2000);
  expect(refusals.size).toBeGreaterThan(30);
});

test("lists of known values know no name that every object has, and no value leads to another host or path", () => {
  const closed = [
    ...[
      "github-env:to",
      "command:output",
      "command:timeout",
      "gitlab:group",
      "gitlab:raw",
      "gitlab:protected",
    ],
    ...["vault:auth", "aws-ssm:field", "aws-ssm:create", "kubernetes:force", "gcp-secretmanager:create"],
  ].flatMap((one) => INHERITED.map((text) => [...one.split(":"), text] as [Scheme, string, string]));
  const elsewhere: [Scheme, string, string][] = [
    ["vault", "auth_mount", "../../sys/x"],
    ["vault", "auth_mount", "a/./b"],
    ["aws-ssm", "region", "evil.example/#"],
    ["aws-secretsmanager", "region", "x@evil.example"],
    ["azure-keyvault", "suffix", "vault.azure.cn/x?"],
    ["azure-keyvault", "suffix", "@evil.example"],
    ["gcp-secretmanager", "locations", "europe-west1/../x"],
  ];
  const cases = [...closed, ...elsewhere];
  const { opened } = openEach(
    cases.map(([scheme, option, text]) => {
      const others = {
        ...(option === "auth_mount" && { auth: "jwt" }),
        ...(option === "locations" && { create: "true" }),
      };
      return `${scheme}:${WELL_FORMED[scheme]}?${new URLSearchParams({ ...others, [option]: text })}`;
    }),
  );
  for (const [index, { refused }] of opened.entries())
    expect([cases[index], refused]).toEqual([
      cases[index],
      expect.stringMatching(`the option ${cases[index]?.[1]} must be`),
    ]);
});
