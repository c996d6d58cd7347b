import { missingOpenssl } from "../../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../../helpers/engines";
import { GoogleCloud, strangersKey } from "../../../helpers/gcp/google-cloud";
import { describeStore } from "../../../helpers/store-conformance";

// At Secret Manager's true address, with tokens by Google's own library: no switch leads the program astray.
describeUnlessMissing(missingOpenssl, "over TLS", () => {
  describeStore("gcp-secretmanager:", async (_sandbox, folder) => {
    const cloud = await GoogleCloud.start("orders-project", folder);
    const { secrets, gate } = cloud;
    secrets.create("orders");
    const document = (): Record<string, unknown> => JSON.parse(secrets.value("orders") ?? "{}");
    return {
      uri: "gcp-secretmanager:projects/orders-project/secrets/orders",
      environment: cloud.environment,
      storeCredentials: [cloud.token, cloud.privateKey],
      get wrongCredentials() {
        return { GOOGLE_APPLICATION_CREDENTIALS: cloud.keyFile("strangers.json", strangersKey()) };
      },
      readSecret: () => document().client_secret as string | undefined,
      seedOtherFields: () => {
        secrets.add("orders", '{"note":"mine"}');
      },
      keptOtherFields: () => document().note === "mine",
      deny: () => {
        secrets.rights = ["secretmanager.versions.access"];
      },
      stop: () => gate.stop(),
      restart: () => gate.restart(),
      redirect: (origin) => gate.redirectTo(origin),
      answerHuge: () => gate.answerHuge(),
      answerBroken: () => gate.answer(),
      // Google's certificate, and nothing that says it may be trusted.
      serveTls: () => ({ NODE_EXTRA_CA_CERTS: "" }),
      close: () => cloud.close(),
    };
  });
});
