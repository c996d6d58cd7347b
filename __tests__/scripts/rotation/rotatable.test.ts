import type { ClientError } from "../../../scripts/core/errors";
import { assertRotatable } from "../../../scripts/rotation/rotatable";
import { ORDERS } from "./world";

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
    expect(assertRotatable({ ...ORDERS, ...changes }, admin)).toBeUndefined();
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
