import { BARE_FIELD_OPTION, type SchemeRow } from "../grammar";

const VAULT = /^(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])*$/;
const NAME = /^[A-Za-z0-9-]{1,127}$/;

/** `azure-keyvault:VAULT/NAME`: the target is the vault and the secret's name. */
export const AZURE_KEYVAULT: SchemeRow = {
  form: "azure-keyvault:VAULT/NAME",
  summary: "a secret of Azure Key Vault, as a JSON document",
  example: "vault/orders",
  options: {
    suffix: {
      help: "DNS suffix of a sovereign cloud's vaults, such as vault.azure.cn; default vault.azure.net",
      identity: true,
    },
    field: BARE_FIELD_OPTION,
  },
  holds: "the document",
  readable: true,
  bareWith: "field",
  credentials: [
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_HEADER",
    "MSI_SECRET",
  ],
  policy: ["Key Vault Secrets Officer"],
  notRehearsed:
    "the write itself: that would cost a version; whether the secret may be updated is tried in its place, which a role may allow and not the write, and its dates, state and room are looked at",
  parse: (body) => {
    const [vault = "", name = "", ...rest] = body.split("/");
    if (rest.length > 0 || name === "") return { reason: "it must name a vault and a secret" };
    if (!VAULT.test(vault))
      return { reason: "the vault's name must be 3 to 24 letters, digits and single hyphens" };
    if (!NAME.test(name)) return { reason: "the secret's name must be 1 to 127 letters, digits and hyphens" };
    // Azure tells neither vaults nor secrets apart by case.
    const canonical = body.toLowerCase();
    return { canonical, target: canonical.split("/") };
  },
};
