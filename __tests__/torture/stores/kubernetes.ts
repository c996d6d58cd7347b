import { Cluster } from "../../helpers/kubernetes/cluster";
import { Gate } from "../gate";
import type { StoreSite, TortureStore } from "./torture-store";

const MAY = ["get", "create", "patch", "delete"] as const;

const OTHERS = {
  type: "example.com/login",
  stringData: { note: "theirs" },
  metadata: { labels: { app: "orders" }, annotations: { "example.com/team": "web" } },
};

/** `kubernetes:`, a Secret. */
export async function kubernetesStore({ credentialsFolder }: StoreSite): Promise<TortureStore> {
  const cluster = await Cluster.start(credentialsFolder);
  const gate = await Gate.open(cluster.gate.origin);
  const { account } = cluster;
  return {
    kind: "kubernetes",
    uri: "kubernetes:default/orders",
    readable: true,
    environment: {
      KUBECONFIG: cluster.kubeconfig("kubeconfig", { token: account.token }, { server: gate.origin }),
    },
    credentials: [account.token],
    gate,
    holds: () => cluster.api.secret("default", "orders")?.value("client_secret"),
    residue: () => [],
    isWrite: ({ method, query }) => method === "PATCH" && !query.includes("dryRun="),
    seedOthers: () => cluster.api.put("default", "orders", OTHERS, "somebody"),
    others: () => {
      const secret = cluster.api.secret("default", "orders");
      const { metadata, type } = JSON.parse(JSON.stringify(secret ?? { metadata: {} }));
      return JSON.stringify([secret?.value("note"), metadata.labels, metadata.annotations, type]);
    },
    deny: () => {
      account.verbs = ["get"];
    },
    allow: () => {
      account.verbs = MAY;
    },
    close: async () => {
      await gate.close();
      await cluster.close();
    },
  };
}
