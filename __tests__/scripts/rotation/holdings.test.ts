import { Secret } from "../../../scripts/core/secret";
import {
  hasSameMembers,
  isSameDocument,
  isSameSecret,
  newest,
  ownerIn,
} from "../../../scripts/rotation/holdings";
import { documentOf } from "./world";

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
    expect(isSameDocument(one, documentOf({ stores: ["a", "b"], verified: false }))).toBe(false);
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

  test("the owner is the one that the newest document of these clients names", () => {
    const [old, young] = [
      { document: documentOf({ owner: "stack/old" }) },
      { document: documentOf({ owner: "stack/young", regeneratedAt: "2026-03-01T00:00:00.000Z" }) },
    ];
    const stranger = {
      document: documentOf({ clientId: "c9", owner: "x", regeneratedAt: "2026-04-01T00:00:00.000Z" }),
    };
    expect(ownerIn([old, {}, young, stranger], ["c1", "c2"])).toBe("stack/young");
    expect(ownerIn([stranger, {}], ["c1"])).toBeUndefined();
    expect(ownerIn([old], [])).toBeUndefined();
  });
});
