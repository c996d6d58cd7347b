import type { Scheme } from "../../../scripts/stores/schemes";

/** For each scheme what may follow its colon, to be spoilt. */
export const WELL_FORMED: Readonly<Record<Scheme, string>> = {
  file: "./orders.json",
  vault: "secret/genesys/orders",
  "aws-secretsmanager": "genesys/orders",
  "aws-ssm": "/genesys/orders",
  "github-actions": "acme/orders/SECRET",
  "github-env": "SECRET",
  gitlab: "acme%2Forders/SECRET",
  "gitlab-dotenv": "SECRET",
  "genesys-credential": "11111111-2222-4333-8444-555555555555",
  "azure-keyvault": "vault/orders",
  "gcp-secretmanager": "projects/acme-prod/secrets/orders",
  kubernetes: "default/orders",
  stdout: "",
  command: '["gh","secret","set","SECRET"]',
};
