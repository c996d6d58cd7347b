import { UsageError } from "../../../scripts/core/errors";
import { assertHoldable, readRotation } from "../../../scripts/rotation/rotation-id";
import { parseStoreUri } from "../../../scripts/stores/uri";

describe("the rotation id", () => {
  test("is the flag's, else the variable's, else there is none", () => {
    const environment = { SECRET_ROTATION: "of the variable" };
    expect(readRotation({ rotation: "of the flag" }, environment)).toBe("of the flag");
    expect(readRotation({}, environment)).toBe("of the variable");
    expect(readRotation({}, {})).toBeNull();
  });

  test.each(["v", "slot 2 (outside Terraform)", "x".repeat(256), "ü"])("may be %j", (rotation) => {
    expect(readRotation({ rotation }, {})).toBe(rotation);
  });

  test.each([
    ["empty", "", 'it is ""'],
    ["longer than 256 characters", "x".repeat(257), 'it is "xxx'],
    ["of two lines", "a\nb", 'it is "a\\u000ab"'],
  ])("that is %s is refused", (_, rotation, said) => {
    const read = (): unknown => readRotation({ rotation }, {});
    expect(read).toThrow(UsageError);
    expect(read).toThrow("The rotation id must be 1 to 256 printable characters, ");
    expect(read).toThrow(said);
  });

  test("is not what adopt notes", () => {
    const read = (): unknown => readRotation({}, { SECRET_ROTATION: "adopted" });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(
      'The rotation id "adopted" is what genesys-secret adopt notes, which counts as any: choose another one.',
    );
  });
});

describe("a store of the bare rotation id", () => {
  const holdable = (rotation: string | null, ...texts: string[]): void =>
    assertHoldable(rotation, texts.map(parseStoreUri));
  const DOTENV = "gitlab-dotenv:ROTATION?field=rotation";

  test("refuses one that it cannot hold, before anything is done", () => {
    const hold = (): void => holdable("slot 2", "file:/a", "gitlab-dotenv:SECRET", DOTENV);
    expect(hold).toThrow(UsageError);
    expect(hold).toThrow(
      `The store ${DOTENV} takes a rotation id of ASCII without blanks and "$" only, it is "slot 2".`,
    );
  });

  test.each([
    ["an id that it can hold", "version:2", DOTENV],
    ["no id", null, DOTENV],
    ["a store of another field", "slot 2", "gitlab-dotenv:SECRET"],
    ["a store that holds any value", "slot 2", "github-actions:acme/shop/ROTATION?field=rotation"],
  ])("takes %s", (_, rotation, text) => {
    expect(holdable(rotation, text)).toBeUndefined();
  });
});
