import { readStores, readTarget } from "../../../scripts/cli/run-settings";
import { adminCredentialVariables, readAdminCredentials } from "../../../scripts/core/admin-credentials";
import { readSeconds } from "../../../scripts/core/limits";
import { readEndpoint } from "../../../scripts/genesys/endpoint";
import { readRotation } from "../../../scripts/rotation/rotation-id";

describe("the configuration", () => {
  const provider = { GENESYSCLOUD_OAUTHCLIENT_ID: "id", GENESYSCLOUD_OAUTHCLIENT_SECRET: "pass-word" };
  const sdk = { GENESYS_CLOUD_CLIENT_ID: "id", GENESYS_CLOUD_CLIENT_SECRET: "pass-word" };

  test.each([
    ["the provider's", provider],
    ["the SDKs'", sdk],
    ["both, agreeing", { ...provider, ...sdk }],
  ])("%s variables", (_, environment) => {
    const admin = readAdminCredentials(environment);
    expect(admin.kind === "client" && [admin.clientId, admin.clientSecret.reveal()]).toEqual([
      "id",
      "pass-word",
    ]);
  });

  test("an access token goes first, as with the provider", () => {
    expect(readAdminCredentials({ ...provider, GENESYSCLOUD_ACCESS_TOKEN: "t" }).kind).toBe("token");
  });

  test("a stack of several orgs names its own variables, and the usual ones are not looked at", () => {
    const named = {
      ...provider,
      GENESYSCLOUD_ACCESS_TOKEN: "t",
      GENESYS_SECRET_ADMIN_ID_VARIABLE: "EU_ID",
      GENESYS_SECRET_ADMIN_SECRET_VARIABLE: "EU_SECRET",
      EU_ID: "eu",
      EU_SECRET: "eu-pass-word",
    };
    const admin = readAdminCredentials(named);
    expect(admin.kind === "client" && admin.clientId).toBe("eu");
    expect(adminCredentialVariables(named)).toEqual(expect.arrayContaining(["EU_ID", "EU_SECRET"]));
    expect(() => readAdminCredentials({ ...named, EU_SECRET: "" })).toThrow("EU_SECRET is not set");
    expect(() => readAdminCredentials({ ...named, GENESYS_SECRET_ADMIN_ID_VARIABLE: "" })).toThrow(
      "go together",
    );
  });

  test.each([
    ["none", {}, "GENESYSCLOUD_OAUTHCLIENT_ID or GENESYS_CLOUD_CLIENT_ID is not set"],
    ["no id", { GENESYSCLOUD_OAUTHCLIENT_SECRET: "pass-word" }, "GENESYSCLOUD_OAUTHCLIENT_ID"],
    ["no secret", { GENESYSCLOUD_OAUTHCLIENT_ID: "id" }, "GENESYSCLOUD_OAUTHCLIENT_SECRET"],
    [
      "two ids",
      { ...provider, ...sdk, GENESYS_CLOUD_CLIENT_ID: "x" },
      "GENESYSCLOUD_OAUTHCLIENT_ID and GENESYS_CLOUD_CLIENT_ID say different",
    ],
    [
      "two secrets",
      { ...provider, ...sdk, GENESYS_CLOUD_CLIENT_SECRET: "pass-x" },
      "GENESYSCLOUD_OAUTHCLIENT_SECRET and GENESYS_CLOUD_CLIENT_SECRET",
    ],
    [
      "a pasted line break",
      { ...provider, GENESYSCLOUD_OAUTHCLIENT_SECRET: "pass-a\npass-b" },
      "a line break",
    ],
  ])("%s is refused, without a value in the message", (_, environment, message) => {
    expect(() => readAdminCredentials(environment)).toThrow(message);
    expect(() => readAdminCredentials(environment)).not.toThrow(/pass-/);
  });
});

describe("endpoint", () => {
  test.each([
    [{}, undefined, "https://api.mypurecloud.com", "https://login.mypurecloud.com"],
    [
      { GENESYSCLOUD_REGION: "eu-central-1" },
      undefined,
      "https://api.mypurecloud.de",
      "https://login.mypurecloud.de",
    ],
    [
      { GENESYS_CLOUD_REGION: "MYPURECLOUD.IE" },
      undefined,
      "https://api.mypurecloud.ie",
      "https://login.mypurecloud.ie",
    ],
    [
      { GENESYSCLOUD_REGION: "us-east-1", GENESYS_CLOUD_REGION: "mypurecloud.com" },
      undefined,
      "https://api.mypurecloud.com",
      "https://login.mypurecloud.com",
    ],
    [
      { GENESYSCLOUD_REGION: "nonsense" },
      "ap-south-1",
      "https://api.aps1.pure.cloud",
      "https://login.aps1.pure.cloud",
    ],
    [
      {
        GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
        GENESYSCLOUD_GATEWAY_PORT: "8080",
        GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
      },
      undefined,
      "http://127.0.0.1:8080",
      "http://127.0.0.1:8080",
    ],
    [
      { GENESYSCLOUD_GATEWAY_HOST: "::1", GENESYSCLOUD_GATEWAY_PROTOCOL: "http" },
      undefined,
      "http://[::1]",
      "http://[::1]",
    ],
    [
      {
        GENESYSCLOUD_GATEWAY_HOST: "gw.example",
        GENESYSCLOUD_GATEWAY_PATH_NAME: "login",
        GENESYSCLOUD_GATEWAY_PATH_VALUE: "/auth/",
      },
      undefined,
      "https://gw.example",
      "https://gw.example/auth",
    ],
  ])("of the variables %j and the flag %s is found", (environment, flag, api, login) => {
    expect(readEndpoint(environment as Record<string, string>, flag)).toMatchObject({ api, login });
  });

  test("a proxy as the provider names it", () => {
    const environment = {
      GENESYSCLOUD_PROXY_HOST: "proxy.example",
      GENESYSCLOUD_PROXY_PORT: "3128",
      GENESYSCLOUD_PROXY_PROTOCOL: "http",
      GENESYSCLOUD_PROXY_AUTH_USERNAME: "u",
      GENESYSCLOUD_PROXY_AUTH_PASSWORD: "p@:/",
    };
    expect(readEndpoint(environment, undefined).proxy?.href).toBe("http://u:p%40%3A%2F@proxy.example:3128/");
  });

  test.each([
    [
      { GENESYSCLOUD_REGION: "atlantis" },
      'The region "atlantis" is unknown; known are us-east-1 (mypurecloud.com)',
    ],
    [
      { GENESYSCLOUD_REGION: "us-east-1", GENESYS_CLOUD_REGION: "mypurecloud.ie" },
      "GENESYSCLOUD_REGION and GENESYS_CLOUD_REGION say different things",
    ],
    [
      { GENESYSCLOUD_GATEWAY_HOST: "gw.example", GENESYSCLOUD_GATEWAY_PROTOCOL: "http" },
      "plain http goes to this machine only",
    ],
    [
      { GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1.evil.example", GENESYSCLOUD_GATEWAY_PROTOCOL: "http" },
      "plain http goes to this machine only",
    ],
    [{ GENESYSCLOUD_GATEWAY_HOST: "https://gw.example" }, "GENESYSCLOUD_GATEWAY_HOST must be a host name"],
    [{ GENESYSCLOUD_GATEWAY_HOST: "gw@evil.example" }, "GENESYSCLOUD_GATEWAY_HOST must be a host name"],
    [
      { GENESYSCLOUD_GATEWAY_HOST: "gw", GENESYSCLOUD_GATEWAY_PORT: "0" },
      "GENESYSCLOUD_GATEWAY_PORT must be a port",
    ],
    [
      { GENESYSCLOUD_GATEWAY_HOST: "gw", GENESYSCLOUD_GATEWAY_PROTOCOL: "ftp" },
      'GENESYSCLOUD_GATEWAY_PROTOCOL must be "https" or "http", it is "ftp"',
    ],
  ])("%j is refused", (environment, message) => {
    expect(() => readEndpoint(environment as Record<string, string>, undefined)).toThrow(message);
  });
});

describe("the target, stores, rotation and limits", () => {
  test("flags win over the environment", () => {
    const environment = {
      TARGET_CLIENT_ID: "env",
      TARGET_CLIENT_NAME: "env",
      SECRET_STORES: "file:./env",
      SECRET_ROTATION: "env",
    };
    const flags = { clientId: "flag", clientName: "flag", store: ["file:./flag"], rotation: "flag" };
    expect(readTarget(flags, environment)).toEqual({ clientId: "flag", clientName: "flag" });
    expect(readStores(flags, environment).map(({ text }) => text)).toEqual(["file:./flag"]);
    expect(readRotation(flags, environment)).toBe("flag");
    expect(readTarget({}, environment)).toEqual({ clientId: "env", clientName: "env" });
    expect(readRotation({}, {})).toBeNull();
  });

  test("SECRET_STORES holds a URI a line", () => {
    const stores = readStores({}, { SECRET_STORES: "\n file:./a \r\n\nfile:./b\n" });
    expect(stores.map(({ text }) => text)).toEqual(["file:./a", "file:./b"]);
  });

  test.each([
    ["no target", () => readTarget({}, {}), "No client is named"],
    ["an id with a slash", () => readTarget({ clientId: "../x" }, {}), "letters, digits and hyphens"],
    ["an empty name", () => readTarget({ clientName: " " }, {}), "name is empty"],
    ["no store", () => readStores({}, {}), "No store is named"],
    ["a store twice", () => readStores({ store: ["file:./a", "file:./a"] }, {}), "named twice"],
    [
      "stdout: with --json",
      () => readStores({ store: ["stdout:"], json: true }, {}),
      "both want standard output",
    ],
    [
      "stdout: with github-env:",
      () => readStores({ store: ["stdout:", "github-env:SECRET"] }, {}),
      "the store stdout: and the store github-env: both want standard output",
    ],
    [
      "stdout: under Terraform",
      () => readStores({ store: ["stdout:"] }, { GENESYS_SECRET_UNDER_TERRAFORM: "1" }),
      "cannot be used under Terraform",
    ],
    [
      "a rotation id with a line break",
      () => readRotation({ rotation: "a\nb" }, {}),
      "256 printable characters",
    ],
    ["a limit of 0", () => readSeconds("0", {}, "LIMIT", 1), "whole number of seconds from 1 to 3600"],
    ["a limit of 3601", () => readSeconds(undefined, { LIMIT: "3601" }, "LIMIT", 1), 'it is "3601"'],
  ])("%s is refused", (_, read, message) => {
    expect(read).toThrow(message);
  });

  test("limits are read in seconds", () => {
    expect([
      readSeconds("3600", {}, "LIMIT", 1),
      readSeconds(undefined, { LIMIT: "1" }, "LIMIT", 9),
      readSeconds(undefined, {}, "LIMIT", 9),
    ]).toEqual([3_600_000, 1_000, 9_000]);
  });
});
