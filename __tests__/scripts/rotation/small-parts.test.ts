import type { ClientError } from "../../../scripts/errors";
import { describeDefect } from "../../../scripts/rotation/defect";
import { hasSameMembers, isSameDocument, isSameSecret, newest } from "../../../scripts/rotation/holdings";
import { assertRotatable } from "../../../scripts/rotation/rotatable";
import { Secret } from "../../../scripts/secret";
import { documentOf, ORDERS } from "./world";

describe("describeDefect", () => {
  const fault = (stack?: string, code?: string): Error =>
    Object.assign(new RangeError("s3cret"), { stack }, code === undefined ? {} : { code });

  test("gives the kind, the code and four places, never the message", () => {
    const places = [1, 2, 3, 4, 5].map((n) => `    at f${n} (/a/b.ts:1${n}:2${n})`);
    expect(describeDefect(fault(["RangeError: s3cret", ...places].join("\n"), "EIO"))).toBe(
      "RangeError EIO at f1 (/a/b.ts:11:21) at f2 (/a/b.ts:12:22) at f3 (/a/b.ts:13:23) at f4 (/a/b.ts:14:24)",
    );
  });

  test("takes a place without a function's name", () => {
    expect(describeDefect(fault("x\n    at /a/b.ts:1:2"))).toBe("RangeError at /a/b.ts:1:2");
  });

  test.each([
    ["a message of several lines that looks like one", "RangeError: s3cret\ns3cret at /a/b.ts:1:2"],
    ["a line that goes on", "x\n    at /a/b.ts:1:2 s3cret"],
    ["a line without a blank before it", "x\nat /a/b.ts:1:2"],
    ["no stack", undefined],
  ])("leaves out %s", (_, stack) => {
    expect(describeDefect(fault(stack))).toBe("RangeError");
  });

  test("says no more than the type of what is no error", () => {
    expect(describeDefect("s3cret")).toBe("a thrown string");
  });
});

describe("assertRotatable", () => {
  const refusal = (changes: object, admin?: string): ClientError => {
    try {
      assertRotatable({ ...ORDERS, ...changes }, admin);
    } catch (error) {
      return error as ClientError;
    }
    throw new Error("it was taken");
  };

  test.each([
    [{}, undefined],
    [{}, "another"],
    [{ authorizedGrantType: "CODE" }, undefined],
    [{ state: undefined }, undefined],
    [{ state: "ACTIVE" }, undefined],
  ])("takes %j with the admin %s", (changes, admin) => {
    expect(() => assertRotatable({ ...ORDERS, ...changes }, admin)).not.toThrow();
  });

  test("refuses the admin's own client", () => {
    expect(refusal({}, "c1")).toMatchObject({
      code: "ERR_CLIENT_IS_ADMIN",
      message:
        'The client "orders" (c1) cannot be rotated: it is the admin client of this very run, which would lock itself out.',
      remedy: "Rotate it with the credentials of another admin client.",
    });
  });

  test("refuses a grant without a secret", () => {
    expect(refusal({ authorizedGrantType: "TOKEN" })).toMatchObject({
      code: "ERR_CLIENT_GRANT",
      message:
        'The client "orders" (c1) cannot be rotated: its grant is TOKEN, and only CLIENT-CREDENTIALS and CODE clients have a secret to rotate.',
      remedy: "Name another client.",
    });
  });

  test("refuses a client that is not active", () => {
    expect(refusal({ state: "inactive" })).toMatchObject({
      code: "ERR_CLIENT_INACTIVE",
      message:
        'The client "orders" (c1) cannot be rotated: it is inactive, and a new secret could not be verified.',
      remedy: "Activate the client, then run again.",
    });
  });
});

describe("documents", () => {
  const other = { clientSecret: new Secret("s2") };

  test("hold the same secret when client and secret are the same", () => {
    expect(isSameSecret(documentOf(), documentOf({ rotation: "version:9" }))).toBe(true);
    expect(isSameSecret(documentOf(), documentOf(other))).toBe(false);
    expect(isSameSecret(documentOf(), documentOf({ clientId: "c2" }))).toBe(false);
  });

  test("are the same when nothing but the order of stores differs", () => {
    const one = documentOf({ stores: ["a", "b"] });
    expect(isSameDocument(one, documentOf({ stores: ["b", "a"] }))).toBe(true);
    expect(isSameDocument(one, documentOf({ stores: ["a", "c"] }))).toBe(false);
    expect(isSameDocument(one, documentOf({ stores: ["a", "b"], rotation: "version:2" }))).toBe(false);
    expect(isSameDocument(one, documentOf({ stores: ["a", "b"], ...other }))).toBe(false);
  });

  test("lists have the same members however often each is named", () => {
    expect(hasSameMembers(["a", "a"], ["a"])).toBe(true);
    expect(hasSameMembers(["a"], ["a", "b"])).toBe(false);
    expect(hasSameMembers(["a", "b"], ["a"])).toBe(false);
  });

  test("the newest was regenerated last; of nothing there is none", () => {
    const [old, young] = [documentOf(), documentOf({ regeneratedAt: "2026-03-01T00:00:00.000Z" })];
    expect(newest([old, young])).toBe(young);
    expect(newest([young, old])).toBe(young);
    expect(newest([])).toBeUndefined();
  });
});
