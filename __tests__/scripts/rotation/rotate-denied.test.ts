import { NotVerifiedError, StoreNotReadyError } from "../../../scripts/core/errors";
import { Secret } from "../../../scripts/core/secret";
import type { Login } from "../../../scripts/genesys/login";
import { documentOf, ORDERS, SPARE, World } from "./world";

const reply = { kind: "answer", status: 400, headers: {}, body: undefined } as const;
const denied: Login = { kind: "denied", reason: "access_denied", reply };
const gone: Login = {
  kind: "unavailable",
  reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
};

const always = (world: World, login: Login): World => {
  world.genesys.logins.push(...Array(200).fill(login));
  return world;
};
const lines = (world: World, what: RegExp): string[] => world.record.filter((line) => what.test(line));
const called = (world: World): string[] => lines(world, /^regenerate/);

const STORED = documentOf();
const MARKED = documentOf({ verified: false });

describe("where this machine is denied, a request regenerates all the same", () => {
  test.each([
    ["a new client", {}, "version:1"],
    ["a new rotation id", { document: STORED }, "version:2"],
    ["a run without an id", { document: STORED }, null],
  ])("which is %s", async (_, traits, rotation) => {
    const world = always(new World({ "file:/a": traits }), denied);
    const report = await world.rotate({ rotation });
    expect(called(world)).toEqual(["regenerate c1"]);
    expect(report).toMatchObject({
      outcome: "regenerated",
      secret: "changed",
      verified: false,
      unverified: "the login service denies this machine: access_denied",
      error: undefined,
    });
    expect(World.holdings(report)).toEqual(["file:/a unverified"]);
    expect(world.said.at(-1)).toBe(
      "! The secret is stored, and was not seen to log in: the login service denies this machine: access_denied",
    );
    // One write, and no mark.
    expect(lines(world, /write/)).toEqual(["file:/a write c1 new1"]);
    expect(world.stores[0]?.document?.verified).toBeUndefined();
  });
});

describe("a new secret that was not seen to log in", () => {
  test.each([
    [
      "is marked where it must log in here",
      denied,
      "here" as const,
      ["it was not seen to log in: the login service denies this machine", "or with --verify elsewhere"],
    ],
    [
      "is marked where nobody answers",
      gone,
      undefined,
      [
        "it was not seen to log in: No answer from Genesys Cloud (ECONNREFUSED)",
        "when the login service answers",
      ],
    ],
    [
      "is marked where it is refused",
      { kind: "refused", reason: "no" } as Login,
      undefined,
      ["it does not log in: the login service refuses it: no", "Otherwise run again in a minute"],
    ],
  ])("%s, and the run ends with 9", async (_, login, verification, [why, remedy]) => {
    const world = always(new World({ "file:/a": {}, "stdout:": { readable: false } }), login);
    const report = await world.rotate({ verification });
    expect(report.error).toBeInstanceOf(NotVerifiedError);
    expect(report.error?.message).toContain(why);
    expect(report.error?.remedy).toContain(remedy);
    expect(report).toMatchObject({ secret: "changed", verified: false });
    expect(world.stores[0]?.document?.verified).toBe(false);
    // What cannot be read back cannot show a mark: it is written once.
    expect(lines(world, /stdout: write/)).toHaveLength(1);
  });

  test("is not marked over the secret of another run", async () => {
    const theirs = documentOf({ clientSecret: new Secret("theirs") });
    const world = always(new World({ "file:/a": { overtakenBy: [theirs] } }), gone);
    await world.rotate();
    expect(lines(world, /write/)).toHaveLength(1);
    expect(world.stores[0]?.document?.clientSecret.reveal()).toBe("theirs");
  });

  test.each([
    ["is made current where it is unknown", denied, undefined],
    ["and where it is unknown and must log in here", denied, "here" as const],
  ])("%s: what was there before is invalid", async (_, login, verification) => {
    const world = always(new World({ "vault:secret/a": { staged: null } }), login);
    await world.rotate({ verification });
    expect(world.record).toContain("vault:secret/a promote");
    expect(world.stores[0]?.document?.clientSecret.reveal()).toBe("new1");
  });

  test("stays staged where it is invalid", async () => {
    const world = always(new World({ "vault:secret/a": { staged: null } }), {
      kind: "refused",
      reason: "no",
    });
    await world.rotate();
    expect(world.record).not.toContain("vault:secret/a promote");
  });

  test("is not tried where verify is elsewhere, and nobody is warned of what was asked for", async () => {
    const world = new World({ "file:/a": {} });
    const report = await world.rotate({ verification: "elsewhere" });
    expect(report).toMatchObject({ outcome: "regenerated", verified: false });
    expect(lines(world, /^log in/)).toEqual([]);
    expect(lines(world, /read/)).toHaveLength(2);
    expect(world.said.filter((line) => line.startsWith("!"))).toEqual([]);
  });
});

describe("without a request", () => {
  test.each([
    ["denied", denied, undefined],
    ["denied, and it must log in here", denied, "here" as const],
    ["not answered", gone, undefined],
    ["not to try", denied, "elsewhere" as const],
  ])("the same once more replaces nothing where a machine is %s", async (_, login, verification) => {
    const world = always(new World({ "file:/a": { document: STORED } }), login);
    const report = await world.rotate({ verification });
    expect(called(world)).toEqual([]);
    expect(report.error).toMatchObject({
      code: "ERR_NOT_VERIFIED",
      exitCode: 9,
      secret: "not changed",
      message: expect.stringMatching(
        /^It is not known whether the stored secret is valid \(.+\), so it was not replaced\.$/,
      ),
      remedy:
        "To replace it all the same, set a new rotation id (--rotation, Rotation.version) and run again.",
    });
    expect(report.verified).toBe(false);
  });

  test("the same once more regenerates what is valid, and what is invalid", async () => {
    for (const live of ["s1", "another"]) {
      const world = new World({ "file:/a": { document: STORED } });
      world.genesys.live.set("c1", live);
      expect((await world.rotate()).outcome).toBe("regenerated");
      expect(called(world)).toEqual(["regenerate c1"]);
    }
  });

  test("a marked secret that logs in loses its mark, and nothing is regenerated", async () => {
    const world = new World({ "file:/a": { document: MARKED } });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate();
    expect(report).toMatchObject({ outcome: "copied", secret: "not changed", verified: true });
    expect(report.reason).toBe("the run before has stored it, and did not see it log in");
    expect(called(world)).toEqual([]);
    expect(world.stores[0]?.document).toEqual(STORED);
  });

  test("a marked secret that is invalid is regenerated", async () => {
    const world = new World({ "file:/a": { document: MARKED } });
    await world.rotate();
    expect(called(world)).toEqual(["regenerate c1"]);
    expect(world.stores[0]?.document?.verified).toBeUndefined();
  });

  test.each([
    ["here", denied, "here" as const, 9],
    ["where nobody answers", gone, undefined, 9],
    ["where a denial is a warning", denied, undefined, undefined],
    ["elsewhere", denied, "elsewhere" as const, undefined],
  ])("a marked secret keeps its mark, and is not replaced, %s", async (_, login, verification, exitCode) => {
    const world = always(new World({ "file:/a": { document: MARKED } }), login);
    const report = await world.rotate({ verification });
    expect([report.error?.exitCode, report.verified]).toEqual([exitCode, false]);
    if (exitCode !== undefined)
      expect(report.error).toMatchObject({
        code: "ERR_NOT_VERIFIED",
        message: expect.stringMatching(
          /^The secret that an earlier run has stored was still not seen to log in: .+\.$/,
        ),
        remedy: expect.stringMatching(/^Run again when .* A new rotation id replaces it at once\.$/),
      });
    expect([called(world), lines(world, /write/)]).toEqual([[], []]);
    expect(world.stores[0]?.document).toEqual(MARKED);
  });
});

describe("twins, of which one is in use", () => {
  const twins = (login: Login): World =>
    always(new World({ "file:/a": { document: STORED } }, [ORDERS, SPARE]), login);

  test.each([
    [
      "denied",
      denied,
      "Twins are rotated where both may log in, or with --verify elsewhere (SECRET_VERIFY).",
    ],
    ["not answered", gone, "Run again when the login service answers."],
  ])("are left alone where a machine is %s", async (_, login, remedy) => {
    const world = twins(login);
    const report = await world.rotate({ rotation: "version:2" });
    expect(report.error).toBeInstanceOf(StoreNotReadyError);
    expect(report.error).toMatchObject({
      exitCode: 6,
      message: expect.stringMatching(/^It cannot be seen which of the twins logs in: .+\.$/),
      remedy,
    });
    expect(called(world)).toEqual([]);
  });

  test("are left alone where only the idle one is denied, or nothing is stored yet", async () => {
    const world = new World({ "file:/a": { document: STORED } }, [ORDERS, SPARE]);
    world.genesys.logins.push({ kind: "accepted" }, denied);
    expect((await world.rotate({ rotation: "version:2" })).error?.exitCode).toBe(6);
    const empty = always(new World({ "file:/a": {} }, [ORDERS, SPARE]), denied);
    expect((await empty.rotate()).error?.exitCode).toBe(6);
    expect([called(world), called(empty)]).toEqual([[], []]);
  });

  test("with verify elsewhere the newest counts as in use, and the other is shown unverified", async () => {
    const world = twins(denied);
    const report = await world.rotate({ rotation: "version:2", verification: "elsewhere" });
    expect(called(world)).toEqual(["regenerate c2"]);
    expect(report).toMatchObject({ outcome: "regenerated", verified: false, client: SPARE });
    expect(lines(world, /^log in/)).toEqual([]);
    expect(world.stores[0]?.document?.clientId).toBe("c2");
  });
});
