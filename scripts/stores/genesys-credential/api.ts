import * as z from "zod/mini";

export const CREDENTIALS_PATH = "/api/v2/integrations/credentials";
/** The only type of integration credential that holds an OAuth client's id and secret. */
export const CLIENT_CREDENTIAL = "pureCloudOAuthClient";

/** What Genesys Cloud tells of an integration credential; its fields go in and never come out. */
export const CredentialAnswer = z.object({
  id: z.string(),
  name: z.string(),
  type: z.optional(z.nullable(z.object({ name: z.optional(z.string()) }))),
});

export const CredentialPage = z.object({
  entities: z.array(CredentialAnswer),
  nextUri: z.nullish(z.string()),
});

/** An integration credential, without its fields. */
export type Credential = z.infer<typeof CredentialAnswer>;

/** Whether it is of the type that holds an OAuth client. */
export function holdsClient(credential: Credential): boolean {
  return credential.type?.name === CLIENT_CREDENTIAL;
}
