import type { RequestListener } from "node:http";
import { AzureCloud } from "../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../helpers/certificate";
import { testUnlessMissing } from "../../helpers/engines";
import { openGithub } from "../../helpers/github/github-fixture";
import { openGitlab, PROJECT } from "../../helpers/gitlab/gitlab-fixture";
import type { HttpGate } from "../../helpers/http-gate";
import { Cluster } from "../../helpers/kubernetes/cluster";
import { oneClient, SECRET_CALL } from "../../helpers/one-client";
import { VaultFixture } from "../../helpers/vault/fixture";

const ASKED_S = 2;

/** A store's server behind a door. */
interface Place {
  readonly uri: string;
  readonly gate: HttpGate;
  readonly environment: Record<string, string>;
  readonly close: () => unknown;
}

const one = oneClient({
  environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "120", GENESYS_SECRET_VERIFY_TIMEOUT: "5" }),
});

const PLACES: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    "github-actions:",
    async () => {
      const { server, uri, environment, close } = await openGithub("github-actions:acme/shop/ORDERS_SECRET");
      return { uri, gate: server.gate, environment, close };
    },
  ],
  [
    "gitlab:",
    async () => {
      const gitlab = await openGitlab(`gitlab:${encodeURIComponent(PROJECT)}/ORDERS_SECRET`);
      return { ...gitlab, gate: gitlab.server.gate };
    },
  ],
  [
    "kubernetes:",
    async () => {
      const cluster = await Cluster.start(one.folder);
      const environment = { KUBECONFIG: cluster.kubeconfig("config.json") };
      return {
        uri: "kubernetes:default/orders",
        gate: cluster.gate,
        environment,
        close: () => cluster.close(),
      };
    },
  ],
  [
    "vault:",
    async () => {
      const vault = await VaultFixture.open();
      const { uri, gate, environment } = vault;
      return { uri, gate, environment, close: () => vault.close() };
    },
  ],
];

const azure = async (): Promise<Place> => {
  const cloud = await AzureCloud.start("orders-vault", one.folder);
  const { gate, environment } = cloud;
  return { uri: "azure-keyvault:orders-vault/orders", gate, environment, close: () => cloud.close() };
};

test.each(PLACES)("%s a store that asks to wait after the call is sent nothing sooner", (_, open) =>
  isSentNothingSooner(open),
);

testUnlessMissing(missingOpenssl, "a vault of Azure that asks to wait is sent nothing sooner, either", () =>
  isSentNothingSooner(azure),
);

async function isSentNothingSooner(open: () => Promise<Place>): Promise<void> {
  const { uri, gate, environment, close } = await open();
  try {
    let [asked, tooSoon] = [0, 0];
    // Only too soon a request can be told from one in time: a slow machine waits longer.
    const busy: RequestListener = (_request, response) => {
      const now = performance.now();
      if (asked !== 0) tooSoon += 1;
      asked ||= now;
      response
        .writeHead(429, { "content-type": "application/json", "retry-after": String(ASKED_S) })
        .end("{}");
      setTimeout(() => gate.letThrough(), ASKED_S * 1000 - 50);
    };
    one.sandbox.onRequest(({ path }) => (SECRET_CALL.test(path) ? gate.instead(busy) : undefined));
    const result = await one.regenerate(uri, environment);
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("; trying again"),
    });
    expect(asked).toBeGreaterThan(0);
    expect(tooSoon).toBe(0);
    expect(one.attempted()).toBe(1);
    one.expectDiscreet(result);
  } finally {
    await close();
  }
}

test("a store that asks to wait for longer than the run has is left alone, and the run says so", async () => {
  const gitlab = await openGitlab(`gitlab:${encodeURIComponent(PROJECT)}/ORDERS_SECRET`);
  const { gate } = gitlab.server;
  try {
    let requests = 0;
    const busy: RequestListener = (_request, response) => {
      requests += 1;
      response.writeHead(503, { "retry-after": "3600" }).end();
    };
    one.sandbox.onRequest(({ path }) => (SECRET_CALL.test(path) ? gate.instead(busy) : undefined));
    const result = await one.regenerate(gitlab.uri, gitlab.environment);
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(/it asks to wait for \d+ s more/),
    });
    expect(requests).toBe(1);
  } finally {
    await gitlab.close();
  }
});
