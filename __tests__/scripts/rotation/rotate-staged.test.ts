import { Secret } from "../../../scripts/core/secret";
import type { Login } from "../../../scripts/genesys/login";
import type { StoredDocument } from "../../../scripts/stores/document";
import { documentOf, ORDERS, SPARE, type StoreTraits, World } from "./world";

const STORE = "vault:secret/a";
const EARLIER = documentOf({ clientSecret: new Secret("earlier"), stores: [STORE] });
const LATER = documentOf({
  clientSecret: new Secret("later"),
  stores: [STORE],
  regeneratedAt: "2026-03-01T00:00:00.000Z",
});
const reply = { kind: "answer", status: 400, headers: {}, body: undefined } as const;
const denied: Login = { kind: "denied", reason: "access_denied", reply };
const gone: Login = {
  kind: "unavailable",
  reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
};

/** A store with a staged document, which is not what a read gives. */
function staging(traits: StoreTraits, login?: Login): World {
  const world = new World({ [STORE]: traits });
  if (login) world.genesys.logins.push(...Array(200).fill(login));
  return world;
}

const isPromoted = ({ record }: World): boolean => record.includes(`${STORE} promote`);
const called = ({ record }: World): string[] => record.filter((line) => line.startsWith("regenerate"));

describe("on a machine that is denied,", () => {
  test.each<[string, StoredDocument | undefined, boolean]>([
    ["becomes current where nothing is", undefined, true],
    ["becomes current where it was regenerated later", EARLIER, true],
    [
      "stays where it was regenerated earlier",
      { ...LATER, regeneratedAt: "2026-04-01T00:00:00.000Z" },
      false,
    ],
    [
      "stays where both were regenerated at one moment",
      { ...EARLIER, regeneratedAt: LATER.regeneratedAt },
      false,
    ],
  ])("what a broken run left staged %s", async (_, document, promoted) => {
    const world = staging({ document, staged: LATER }, denied);
    await world.rotate();
    expect(isPromoted(world)).toBe(promoted);
    expect(called(world)).toEqual([]);
    expect(
      world.said.includes(
        `${STORE}: a run that was interrupted had staged a later secret; it is current now`,
      ),
    ).toBe(promoted);
  });

  test("what a broken run left staged stays where another client's secret is current", async () => {
    const world = staging({ document: { ...EARLIER, clientId: "c9" }, staged: LATER }, denied);
    world.genesys.others.set("c9", "unknown");
    expect((await world.rotate()).error?.exitCode).toBe(6);
    expect(isPromoted(world)).toBe(false);
  });
});

test("where nobody answers, what is staged ends the run: it may be the only valid secret", async () => {
  const world = staging({ document: EARLIER, staged: LATER }, gone);
  const { error } = await world.rotate({ rotation: "version:2" });
  expect(error).toMatchObject({ exitCode: 6, remedy: "Run again when the login service answers." });
  expect([isPromoted(world), called(world)]).toEqual([false, []]);
});

test("what is staged and valid becomes current, and this is said", async () => {
  const world = staging({ document: EARLIER, staged: LATER });
  world.genesys.live.set("c1", "later");
  expect((await world.rotate({ rotation: "version:1", dryRun: false })).error).toBeUndefined();
  expect(world.said).toContain(
    `${STORE}: a run that was interrupted had staged a secret that lives; it is current now`,
  );
});

test("what is staged of another client is not tried", async () => {
  const world = staging({ staged: { ...LATER, clientId: "c9" } });
  await world.rotate({ dryRun: true });
  expect(world.record.filter((line) => line.startsWith("log in c9"))).toEqual([]);
  expect(isPromoted(world)).toBe(false);
});

test("a staged secret of twins is tried with the grant of its own client", async () => {
  const world = new World({ [STORE]: { staged: { ...LATER, clientId: "c2" } } }, [
    ORDERS,
    { ...SPARE, authorizedGrantType: "CODE" },
  ]);
  world.genesys.live.set("c2", "later");
  await world.rotate({ dryRun: true });
  expect(world.record).toContain("log in c2 later CODE 2000");
});
