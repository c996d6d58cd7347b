import { Token } from "cdktf";
import { SecretStore } from "../../constructs";

const unresolved = Token.asString({ resolve: () => "x" });

describe("githubActions", () => {
  const props = { owner: "acme", repository: "shop", name: "orders" };
  test.each([
    [{}, ""],
    [{ environment: "live/eu" }, "?environment=live%2Feu"],
    [{ organization: true }, "?organization=acme"],
    [{ organization: false }, ""],
  ])("turns %j into its URI", (options, query) => {
    const { uri } = SecretStore.githubActions({ ...props, ...options });
    expect(uri).toBe(`github-actions:acme/shop/ORDERS${query}`);
  });
  test.each([
    [{ name: "GITHUB_X" }, "GITHUB_ for itself"],
    [{ environment: "a", organization: true }, "not both"],
    [{ environment: unresolved }, "takes no token for environment"],
    [{ owner: unresolved, organization: true }, "takes no token for owner"],
  ])("%j is refused", (options, reason) => {
    expect(() => SecretStore.githubActions({ ...props, ...options })).toThrow(reason);
  });
  test("a repository known only to Terraform stays a token", () => {
    const { uri } = SecretStore.githubActions({ ...props, repository: unresolved });
    expect(uri).toBe(`github-actions:acme/${unresolved}/orders`);
  });
});

describe("gitlab", () => {
  const props = { path: "acme/shop", key: "ORDERS" };
  test.each([
    [{}, ""],
    [{ protected: true }, ""],
    [
      { group: true, protected: false, environmentScope: "review/*" },
      "?environment_scope=review%2F*&group=true&protected=false",
    ],
  ])("turns %j into its URI", (options, query) => {
    expect(SecretStore.gitlab({ ...props, ...options }).uri).toBe(`gitlab:acme%2Fshop/ORDERS${query}`);
  });
  test.each([
    [{ key: "A-B" }, "letters, digits and underscores"],
    [{ environmentScope: unresolved }, "takes no token for environmentScope"],
  ])("%j is refused", (options, reason) => {
    expect(() => SecretStore.gitlab({ ...props, ...options })).toThrow(reason);
  });
  test("a project's id known only to Terraform stays a token", () => {
    expect(SecretStore.gitlab({ ...props, path: unresolved }).uri).toBe(`gitlab:${unresolved}/ORDERS`);
  });
});

test("SecretStore.genesysCredential gives the URI of a credential", () => {
  expect(SecretStore.genesysCredential("a-1").uri).toBe("genesys-credential:a-1");
  expect(SecretStore.genesysCredential(unresolved).uri).toBe(`genesys-credential:${unresolved}`);
  expect(() => SecretStore.genesysCredential("a/b")).toThrow("letters, digits and hyphens");
});

test("what prints a mask is refused in a stack, with the reason", () => {
  expect(() => SecretStore.fromUri("github-env:X")).toThrow(
    "cannot be used in a stack: Terraform prefixes each line a local-exec prints",
  );
});
