import { AzureCloud } from "../../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../../helpers/certificate";
import { GoogleCloud } from "../../../helpers/gcp/google-cloud";
import { openGithub, REPOSITORY, REPOSITORY_SECRETS } from "../../../helpers/github/github-fixture";
import { openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import { Refusal } from "../../../helpers/gitlab/variable-set";
import { ApiStatus } from "../../../helpers/kubernetes/api-status";
import { Cluster } from "../../../helpers/kubernetes/cluster";
import { DENIED } from "../../../helpers/vault/answer";
import { DATA_PATH, VaultFixture } from "../../../helpers/vault/fixture";
import type { StoreKind } from "./tested-store";

const NAME = "ORDERS_SECRET";
/** Another secret of the same repository. */
const THEIRS = "THEIR_SECRET";
/** Settings of a variable that the program would make otherwise. */
const SETTINGS = { variable_type: "file", protected: true, masked: true, description: "of the web team" };

const secretIn = (document: string | undefined): string | undefined =>
  JSON.parse(document ?? "{}").client_secret;
const noteIn = (document: string | undefined): unknown => JSON.parse(document ?? "{}").note;

export const vault: StoreKind = {
  name: "vault",
  open: async () => {
    const fixture = await VaultFixture.open();
    return {
      uri: fixture.uri,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: () => fixture.readSecret(),
      seedOthers: () => fixture.seedOtherFields(),
      keepsOthers: () => fixture.keptOtherFields(),
      refuseWrites: () => {
        fixture.vault.interfere = ({ method, path, body }) =>
          method === "POST" && path === DATA_PATH && !isRehearsal(body) ? { answer: DENIED } : undefined;
        return () => {
          fixture.vault.interfere = undefined;
        };
      },
      close: () => fixture.close(),
    };
  },
};

/** A rehearsal names a version that no entry can have. */
function isRehearsal(body: unknown): boolean {
  return (body as { options: { cas: number } }).options.cas > 1_000_000;
}

export const azure: StoreKind = {
  name: "azure-keyvault",
  missing: missingOpenssl,
  open: async ({ tools }) => {
    const cloud = await AzureCloud.start("orders-vault", tools);
    return {
      uri: "azure-keyvault:orders-vault/orders",
      environment: cloud.environment,
      credentials: [cloud.token, cloud.environment.IDENTITY_HEADER as string],
      held: () => secretIn(cloud.vault.value("orders")),
      seedOthers: () => {
        cloud.vault.put("orders", { value: '{"note":"theirs"}', tags: { team: "orders" } });
      },
      keepsOthers: () =>
        cloud.vault.current("orders")?.tags?.team === "orders" &&
        noteIn(cloud.vault.value("orders")) === "theirs",
      close: () => cloud.close(),
    };
  },
};

/** With the option that disables the version before: one more thing that a kill can leave undone. */
export const gcp: StoreKind = {
  name: "gcp-secretmanager",
  missing: missingOpenssl,
  open: async ({ tools }) => {
    const cloud = await GoogleCloud.start("orders-project", tools);
    return {
      uri: "gcp-secretmanager:projects/orders-project/secrets/orders?create=true&disable_previous=true",
      environment: cloud.environment,
      credentials: [cloud.token, cloud.privateKey],
      held: () => secretIn(cloud.secrets.exists("orders") ? cloud.secrets.value("orders") : undefined),
      seedOthers: () => {
        cloud.secrets.add("orders", '{"note":"theirs"}');
        cloud.secrets.traits.set("orders", { labels: { team: "orders" } });
      },
      keepsOthers: () =>
        JSON.stringify(cloud.secrets.traits.get("orders")) === '{"labels":{"team":"orders"}}' &&
        noteIn(cloud.secrets.value("orders")) === "theirs",
      refuseWrites: () => {
        cloud.secrets.refusesToAdd = "The Cloud KMS key is disabled.";
        return () => {
          cloud.secrets.refusesToAdd = undefined;
        };
      },
      leftovers: () =>
        cloud.secrets
          .states("orders")
          .slice(0, -1)
          .flatMap((state, index) => (state === "ENABLED" ? [`version ${index + 1} is enabled`] : [])),
      close: () => cloud.close(),
    };
  },
};

export const kubernetes: StoreKind = {
  name: "kubernetes",
  open: async ({ tools }) => {
    const cluster = await Cluster.start(tools);
    return {
      uri: "kubernetes:default/orders",
      environment: { KUBECONFIG: cluster.kubeconfig("config.json") },
      credentials: [cluster.account.token],
      held: () => cluster.api.secret("default", "orders")?.value("client_secret"),
      seedOthers: () =>
        cluster.api.put(
          "default",
          "orders",
          { stringData: { note: "theirs" }, metadata: { labels: { team: "orders" } } },
          "somebody",
        ),
      keepsOthers: () => {
        const secret = cluster.api.secret("default", "orders");
        const { metadata } = JSON.parse(JSON.stringify(secret ?? { metadata: {} }));
        return secret?.value("note") === "theirs" && metadata.labels?.team === "orders";
      },
      refuseWrites: () => {
        const before = cluster.api.admission;
        cluster.api.admission = (_secret, dryRun) => {
          if (!dryRun) throw new ApiStatus(403, "Forbidden", "not by you");
        };
        return () => {
          cluster.api.admission = before;
        };
      },
      close: () => cluster.close(),
    };
  },
};

export const githubActions: StoreKind = {
  name: "github-actions",
  open: async () => {
    const github = await openGithub(`github-actions:${REPOSITORY}/${NAME}`);
    return {
      uri: github.uri,
      environment: github.environment,
      credentials: github.storeCredentials,
      held: () => github.server.box(REPOSITORY_SECRETS).get(NAME)?.value,
      seedOthers: () =>
        github.server.box(REPOSITORY_SECRETS).seed(THEIRS, { value: "theirs", repositories: [] }),
      keepsOthers: () => github.server.box(REPOSITORY_SECRETS).get(THEIRS)?.value === "theirs",
      close: () => github.close(),
    };
  },
};

export const gitlab: StoreKind = {
  name: "gitlab",
  open: async () => {
    const fixture = await openGitlab(`gitlab:${encodeURIComponent(PROJECT)}/${NAME}`);
    return {
      uri: fixture.uri,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: () => fixture.variables.all().find(({ key }) => key === NAME)?.value,
      seedOthers: () => {
        fixture.variables.create({ ...SETTINGS, key: NAME, value: "an-old-value" });
      },
      keepsOthers: () => {
        const present = fixture.variables.all().find(({ key }) => key === NAME);
        return Object.entries(SETTINGS).every(
          ([name, value]) => present?.[name as keyof typeof SETTINGS] === value,
        );
      },
      refuseWrites: () => {
        const set = fixture.variables;
        const { update } = set;
        set.update = (variable, given) => {
          if (given.value !== variable.value) throw new Refusal(403, { message: "403 Forbidden" });
          return update.call(set, variable, given);
        };
        return () => {
          set.update = update;
        };
      },
      leftovers: () =>
        fixture.variables.all().flatMap(({ key }) => (key === NAME ? [] : [`the variable ${key}`])),
      close: () => fixture.close(),
    };
  },
};

export const genesysCredential: StoreKind = {
  name: "genesys-credential",
  open: async ({ sandbox }) => {
    const id = await addCredential(sandbox.origin, sandbox.admin);
    return {
      uri: `genesys-credential:${id}`,
      environment: {},
      credentials: [],
      held: () => sandbox.credentialFields(id)?.clientSecret || undefined,
      close: () => {},
    };
  },
};

/** Makes an integration credential, empty, as its admin would. @returns its id */
async function addCredential(
  origin: string,
  admin: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const login = await fetch(`${origin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${admin.clientId}:${admin.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  const created = await fetch(`${origin}/api/v2/integrations/credentials`, {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Orders integration",
      type: { name: "pureCloudOAuthClient" },
      credentialFields: { clientId: "", clientSecret: "" },
    }),
  });
  return ((await created.json()) as { id: string }).id;
}
