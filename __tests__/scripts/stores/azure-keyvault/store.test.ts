import { AzureCloud } from "../../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../../helpers/engines";
import { describeStore } from "../../../helpers/store-conformance";

// The program's side is Azure's official SDK, in the bundle, at the vault's true address: no switch leads it astray.
describeUnlessMissing(missingOpenssl, "over TLS", () => {
  describeStore("azure-keyvault:", async (_sandbox, folder) => {
    const cloud = await AzureCloud.start("orders-vault", folder);
    const { vault, gate } = cloud;
    const document = (): Record<string, unknown> => JSON.parse(vault.value("orders") ?? "{}");
    return {
      uri: "azure-keyvault:orders-vault/orders",
      environment: cloud.environment,
      storeCredentials: [cloud.token, cloud.environment.IDENTITY_HEADER as string],
      wrongCredentials: { IDENTITY_HEADER: "not-the-header" },
      readSecret: () => document().client_secret as string | undefined,
      seedOtherFields: () => {
        vault.put("orders", { value: '{"note":"mine"}', tags: { team: "orders" } });
      },
      keptOtherFields: () => document().note === "mine" && vault.current("orders")?.tags?.team === "orders",
      deny: () => {
        vault.rights = ["get"];
      },
      stop: () => gate.stop(),
      restart: () => gate.restart(),
      redirect: (origin) => gate.redirectTo(origin),
      answerHuge: () => gate.answerHuge(),
      answerBroken: () => gate.answer(),
      // The vault's certificate, and nothing that says it may be trusted.
      serveTls: () => ({ NODE_EXTRA_CA_CERTS: "" }),
      close: () => cloud.close(),
    };
  });
});
