import { Cluster } from "../../../helpers/kubernetes/cluster";
import { describeStore } from "../../../helpers/store-conformance";

// The program's side is Kubernetes' official JavaScript client, in the bundle.
describeStore("kubernetes:", async (_sandbox, folder) => {
  const cluster = await Cluster.start(folder);
  const { api, gate, account } = cluster;
  const secret = () => api.secret("default", "orders");
  return {
    uri: "kubernetes:default/orders",
    environment: { KUBECONFIG: cluster.kubeconfig("config.json") },
    storeCredentials: [account.token],
    wrongCredentials: { KUBECONFIG: cluster.kubeconfig("wrong.json", { token: "nobodys-token" }) },
    readSecret: () => secret()?.value("client_secret"),
    seedOtherFields: () =>
      api.put("default", "orders", { data: { "tls.crt": "Y2VydA==", note: "bm90ZQ==" } }, "helm"),
    keptOtherFields: () => secret()?.value("tls.crt") === "cert" && secret()?.value("note") === "note",
    deny: () => {
      account.verbs = ["get"];
    },
    stop: () => gate.stop(),
    restart: () => gate.restart(),
    redirect: (origin) => gate.redirectTo(origin),
    answerHuge: () => gate.answerHuge(),
    answerBroken: () => gate.answer(),
    serveTls: async (certificate) => {
      const server = await cluster.serveTls(certificate);
      return { KUBECONFIG: cluster.kubeconfig("tls.json", undefined, { server }) };
    },
    close: () => cluster.close(),
  };
});
