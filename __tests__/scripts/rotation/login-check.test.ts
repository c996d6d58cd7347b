import { NotVerifiedError, StoreNotReadyError } from "../../../scripts/core/errors";
import { Secret } from "../../../scripts/core/secret";
import { NO_LOGINS, type Unknown } from "../../../scripts/genesys/try-login";
import { fails, notKnown, verifyLogin, whyNot } from "../../../scripts/rotation/login-check";
import { ModelGenesys, ORDERS, withoutWaiting } from "./world";

const unknown = (because: Unknown["because"]): Unknown => ({
  secret: "unknown",
  because,
  reason: "the reason",
});
const INVALID = { secret: "invalid", reason: "invalid_client" } as const;

test("why a secret was not seen to log in says who refuses what", () => {
  expect(whyNot(INVALID)).toBe("the login service refuses it: invalid_client");
  expect(whyNot(unknown("denied"))).toBe("the login service denies this machine: the reason");
  expect(whyNot(unknown("out of reach"))).toBe("the reason");
  expect(whyNot(unknown("not tried"))).toBe("the reason");
});

test.each([
  ["valid", { secret: "valid" } as const, "here" as const, false],
  ["invalid", INVALID, undefined, true],
  ["out of reach", unknown("out of reach"), undefined, true],
  ["denied", unknown("denied"), undefined, false],
  ["denied, and it must log in here", unknown("denied"), "here" as const, true],
  ["denied, and it is verified elsewhere", unknown("denied"), "elsewhere" as const, false],
  ["not tried", unknown("not tried"), "elsewhere" as const, false],
  ["not tried, whatever was asked for", unknown("not tried"), "here" as const, false],
])("whether a login that is %s fails a run", (_, verdict, verification, isFailure) => {
  expect(fails(verdict, verification)).toBe(isFailure);
});

describe("a run that does nothing, because nothing is known of the stored secret,", () => {
  test("ends with 9 where this machine is denied, and says where it can be told", () => {
    const error = notKnown(unknown("denied"));
    expect(error).toBeInstanceOf(NotVerifiedError);
    expect(error).toMatchObject({
      code: "ERR_NOT_VERIFIED",
      exitCode: 9,
      message:
        "It is not known whether the stored secret is valid: the login service denies this machine: the reason.",
      remedy:
        "Run again from an address that the client may log in from, or with --verify elsewhere (SECRET_VERIFY).",
    });
  });

  test("ends with 6 where nobody answers", () => {
    const error = notKnown(unknown("out of reach"));
    expect(error).toBeInstanceOf(StoreNotReadyError);
    expect(error).toMatchObject({
      exitCode: 6,
      message: "It is not known whether the stored secret is valid: the reason.",
      remedy: "Run again when the login service answers.",
    });
  });
});

describe("the first login with a new secret", () => {
  const who = { clientId: "c1", secret: new Secret("s1") };
  const said: string[] = [];
  const progress = { info: (line: string) => void said.push(line), warn: () => {} };
  const reply = { kind: "answer", status: 400, headers: {}, body: undefined } as const;

  beforeEach(() => {
    said.length = 0;
  });

  test.each([
    ["refused", { kind: "refused", reason: "authentication failed" } as const],
    ["denied", { kind: "denied", reason: "access_denied", reply } as const],
  ])("is repeated while it is %s, and this is said once", async (_, answer) => {
    const genesys = new ModelGenesys([], [ORDERS]);
    genesys.live.set("c1", "s1");
    genesys.logins.push(answer, answer, answer);
    const verdict = await withoutWaiting(() => verifyLogin(genesys, who, 30_000, progress));
    expect(verdict).toEqual({ secret: "valid" });
    expect(said).toEqual(["The login service does not accept the new secret yet; trying again"]);
  });

  test("is not repeated beyond its limit", async () => {
    const record: string[] = [];
    const genesys = new ModelGenesys(record, [ORDERS]);
    const verdict = await withoutWaiting(() => verifyLogin(genesys, who, 1_000, progress));
    expect(verdict).toEqual({ secret: "invalid", reason: "invalid_client" });
    // At once, and after 250 and 500 ms more: the next pause would be too long.
    expect(record.filter((line) => line.startsWith("log in"))).toHaveLength(3);
  });

  test("that is not to be tried is over at once", async () => {
    const verdict = await withoutWaiting(() => verifyLogin(NO_LOGINS, who, 30_000, progress));
    expect(verdict).toMatchObject({ secret: "unknown", because: "not tried" });
    expect(said).toEqual([]);
  });
});
