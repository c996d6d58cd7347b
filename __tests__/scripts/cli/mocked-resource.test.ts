import { randomBytes, randomUUID } from "node:crypto";
import { assertNotMocked } from "../../../scripts/cli/mocked-resource";

const CLIENT = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";

test.each([
  ["Terraform's", "k3x9q0ab"],
  ["Terraform's, of digits alone", "12345678"],
  ["OpenTofu's shortest", "aZ01"],
  ["OpenTofu's longest", "abcDEF012345678"],
  ["anything else", "no-provider-gives-this"],
])("a runner with a mock's id is refused: %s", (_, id) => {
  expect(() => assertNotMocked([CLIENT], { SECRET_RUNNER_ID: id })).toThrow(
    expect.objectContaining({ exitCode: 2, code: "ERR_MOCKED_RESOURCE", secret: "not changed" }),
  );
});

test("a client whose id is no UUID is refused", () => {
  expect(() => assertNotMocked([CLIENT, "k3x9q0ab"], {})).toThrow(
    'Terraform mocks this resource: the client\'s id is "k3x9q0ab", which is no UUID.',
  );
});

test("the ids of the null provider and of terraform_data are taken for real", () => {
  const ids = Array.from({ length: 20 }, () => (randomBytes(8).readBigUInt64BE() >> 1n).toString());
  for (const id of [...ids, randomUUID()])
    expect(assertNotMocked([CLIENT], { SECRET_RUNNER_ID: id })).toBeUndefined();
});

test("a stack that an older version synthesized has no id to look at", () => {
  expect(assertNotMocked([CLIENT], {})).toBeUndefined();
});
