import { ClientSecretCredential, DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import { variableOfFile, warnOfUnseen, withoutAdmin } from "../sdk-environment";
import type { StoreContext } from "../store";
import { bounds } from "./bounds";
import { azureFault } from "./fault";

const [TENANT, CLIENT, SECRET] = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"] as const;

/**
 * The SDK's default chain: environment, workload identity, managed identity, Azure CLI and so on; an application's
 * secret may also come from an --env-file.
 * @param store the store's URI, for a warning
 */
export function azureCredential(context: StoreContext, store: string): TokenCredential {
  const options = bounds(context.signal);
  const [tenant, client, secret] = [TENANT, CLIENT, SECRET].map((name) => context.environment[name]?.trim());
  const fromFile = variableOfFile(context, SECRET) !== undefined && tenant && client && secret;
  warnOfUnseen(context, store, /^AZURE_/, fromFile ? [TENANT, CLIENT, SECRET] : []);
  const credential = fromFile
    ? new ClientSecretCredential(tenant, client, secret, options)
    : new DefaultAzureCredential(options);
  return {
    getToken: (scopes, tokenOptions) =>
      withoutAdmin(context, async () => {
        try {
          return await credential.getToken(scopes, tokenOptions);
        } catch (error) {
          // Before the client's pipeline wraps it into something that cannot be told from the vault's own faults.
          throw azureFault(error);
        }
      }),
  };
}
