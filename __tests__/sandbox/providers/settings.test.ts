import { readSettings } from "../../../sandbox/providers/genesyscloud/settings";

const client = { GENESYSCLOUD_OAUTHCLIENT_ID: "id", GENESYSCLOUD_OAUTHCLIENT_SECRET: "secret" };
const gateway = {
  GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
  GENESYSCLOUD_GATEWAY_PORT: "8080",
  GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
};
const emptyGateway = { host: null, port: null, protocol: null, auth: [], path_params: [] };

test("a client and a region from the environment are enough", () => {
  expect(readSettings({}, { ...client, GENESYSCLOUD_REGION: "eu-central-1" })).toEqual({
    api: "https://api.mypurecloud.de",
    login: "https://login.mypurecloud.de",
    credentials: { id: "id", secret: "secret" },
    poolSize: 10,
  });
});

test("an attribute wins over its variable", () => {
  const config = {
    oauthclient_id: "mine",
    oauthclient_secret: "my secret",
    aws_region: "eu-west-1",
    token_pool_size: 2,
    gateway: [{ ...emptyGateway, host: "localhost", port: "1", protocol: "https" }],
  };
  expect(readSettings(config, { ...client, ...gateway, GENESYSCLOUD_TOKEN_POOL_SIZE: "5" })).toEqual({
    api: "https://localhost:1",
    login: "https://localhost:1",
    credentials: { id: "mine", secret: "my secret" },
    poolSize: 2,
  });
});

test("a token is taken instead of a client", () => {
  const environment = { ...client, GENESYSCLOUD_ACCESS_TOKEN: "token", GENESYSCLOUD_REGION: "us-east-1" };
  expect(readSettings({}, environment).credentials).toEqual({ accessToken: "token" });
});

describe("gateway", () => {
  const environment = { ...client, ...gateway, GENESYSCLOUD_REGION: "us-east-1" };

  test("its variables count where the block is", () => {
    expect(readSettings({ gateway: [emptyGateway] }, environment).api).toBe("http://127.0.0.1:8080");
  });

  test("its variables do not count without the block", () => {
    expect(readSettings({ gateway: [] }, environment).api).toBe("https://api.mypurecloud.com");
  });

  test("an empty block without variables is harmless", () => {
    const settings = readSettings(
      { gateway: [emptyGateway] },
      { ...client, GENESYSCLOUD_REGION: "us-east-1" },
    );
    expect(settings.login).toBe("https://login.mypurecloud.com");
  });
});

test.each([
  ["no credentials", {}, { GENESYSCLOUD_REGION: "us-east-1" }, "no credentials"],
  [
    "half a client",
    {},
    { GENESYSCLOUD_OAUTHCLIENT_ID: "id", GENESYSCLOUD_REGION: "us-east-1" },
    "no credentials",
  ],
  ["no region", {}, client, "no region"],
  ["an unknown region", { aws_region: "moon-1" }, client, "region is unknown"],
  ["a pool too large", { token_pool_size: 21, aws_region: "us-east-1" }, client, "range (1 - 20)"],
  ["a proxy", { proxy: [{ host: "proxy" }] }, client, "proxy"],
  ["a gateway with auth", { gateway: [{ ...emptyGateway, auth: [{ username: "u" }] }] }, client, '"auth"'],
])("settings with %s are refused", (_case, config, environment, message) => {
  expect(() => readSettings(config, environment)).toThrow(message);
});
