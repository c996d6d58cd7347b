import { AzureCloud } from "../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../helpers/engines";
import { GoogleCloud } from "../../helpers/gcp/google-cloud";
import { openGithub } from "../../helpers/github/github-fixture";
import { openGitlab, PROJECT } from "../../helpers/gitlab/gitlab-fixture";
import { gzipBomb } from "../../helpers/hostile-answers";
import { assertHarmless } from "../../helpers/hostile-text";
import type { HttpGate } from "../../helpers/http-gate";
import { Cluster } from "../../helpers/kubernetes/cluster";
import { limits, oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";
import { VaultFixture } from "../../helpers/vault/fixture";

/** A store whose server can be made to mean ill. */
interface Served {
  readonly uri: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly gate: HttpGate;
  close(): unknown;
}

const STORES: Record<string, (folder: string) => Promise<Served>> = {
  "vault:": async () => {
    const store = await VaultFixture.open();
    return { uri: store.uri, environment: store.environment, gate: store.gate, close: () => store.close() };
  },
  "github-actions:": async () => {
    const store = await openGithub("github-actions:acme/shop/ORDERS_SECRET");
    return { ...store, gate: store.server.gate };
  },
  "gitlab:": async () => {
    const store = await openGitlab(`gitlab:${encodeURIComponent(PROJECT)}/ORDERS_SECRET`);
    return { ...store, gate: store.server.gate };
  },
  "kubernetes:": async (folder) => {
    const cluster = await Cluster.start(folder);
    const environment = { KUBECONFIG: cluster.kubeconfig("config.json") };
    return {
      uri: "kubernetes:default/orders",
      environment,
      gate: cluster.gate,
      close: () => cluster.close(),
    };
  },
};
const TLS_STORES: typeof STORES = {
  "azure-keyvault:": async (folder) => {
    const cloud = await AzureCloud.start("orders-vault", folder);
    const { environment, gate } = cloud;
    return { uri: "azure-keyvault:orders-vault/orders", environment, gate, close: () => cloud.close() };
  },
  "gcp-secretmanager:": async (folder) => {
    const cloud = await GoogleCloud.start("orders-project", folder);
    cloud.secrets.create("orders");
    const uri = "gcp-secretmanager:projects/orders-project/secrets/orders";
    return { uri, environment: cloud.environment, gate: cloud.gate, close: () => cloud.close() };
  },
};

let store: Served;
const one = oneClient({ environment: () => ({ ...limits(1), ...store.environment }) });

afterEach(() => store.close());

async function regenerate(): Promise<ProgramResult> {
  const result = await one.regenerate(store.uri);
  assertHarmless(result.stderr);
  return result;
}

/** An error such as each of these servers may send, with somebody's text wherever it has a message. */
function refusal(said: string): string {
  return JSON.stringify({
    kind: "Status",
    reason: said,
    message: said,
    errors: [said],
    error: { code: said, message: said, status: said },
    error_description: said,
  });
}

function meetHostility(open: (folder: string) => Promise<Served>): void {
  test("a gzip bomb that nobody asked for is not unpacked, and ends with 6", async () => {
    store = await open(one.folder);
    store.gate.instead((request, response) => {
      request.resume();
      gzipBomb()(response, { headers: request.headers, url: request.url ?? "/", body: "" });
    });
    expect(await regenerate()).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("Secret:    not changed"),
    });
    expect(one.accepts(one.bornWith)).toBe(true);
  });

  test("a refusal that commands a terminal and a CI runner is harmless, and ends with 6", async () => {
    store = await open(one.folder);
    store.gate.answer(400, refusal("\u001b]0;owned\u0007\n::add-mask::e\n##[stop-commands]x \u202e"));
    expect(await regenerate()).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("Secret:    not changed"),
    });
  });

  test("a refusal that quotes the new secret ends with 8, and running again heals", async () => {
    store = await open(one.folder);
    const forget = one.sandbox.onAnswer(({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/secret")) return;
      const secret = one.sandbox.liveSecret(one.id);
      store.gate.answer(400, refusal(`Invalid value: "${secret}" in {"client_secret":"${secret}"}`));
    });
    const result = await regenerate();
    expect(result).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("is NOT known to hold the new secret"),
    });
    expect(result.stderr).toContain("Secret:    changed");
    forget();
    store.gate.letThrough();
    expect((await regenerate()).code).toBe(0);
  });
}

describe.each(Object.keys(STORES))("%s", (name) => {
  meetHostility(STORES[name] as (typeof STORES)[string]);
});

describeUnlessMissing(missingOpenssl, "over TLS", () => {
  describe.each(Object.keys(TLS_STORES))("%s", (name) => {
    meetHostility(TLS_STORES[name] as (typeof STORES)[string]);
  });
});
