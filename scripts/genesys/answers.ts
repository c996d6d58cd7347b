import * as z from "zod/mini";
import { GENESYS_ID, tokenOf } from "../core/patterns";
import { SECRET } from "../core/secret";

// A schema is used a time or two in a run: compiling it first, which is the default, takes longer than that.
z.config({ jitless: true });

/** The parts of Genesys Cloud's answers that this program reads; everything else is passed over. */
export const TokenAnswer = z.object({ access_token: z.string().check(z.regex(tokenOf(1, 8192))) });

export const OAuthClientAnswer = z.object({
  id: z.string().check(z.regex(GENESYS_ID)),
  name: z.string(),
  authorizedGrantType: z.string(),
  // The real service leaves it out of some lists; an absent state counts as active there and here.
  state: z.optional(z.string()),
});

export const OAuthClientPage = z.object({
  entities: z.array(OAuthClientAnswer),
  nextUri: z.nullish(z.string()),
});

export const RegeneratedClient = z.object({ id: z.string(), secret: z.string().check(z.regex(SECRET)) });

export const TokenOwner = z.object({ OAuthClient: z.object({ id: z.string() }) });

export const ErrorAnswer = z.object({
  message: z.optional(z.string()),
  code: z.optional(z.string()),
  contextId: z.optional(z.string()),
});

export const LoginErrorAnswer = z.object({
  error: z.optional(z.string()),
  error_description: z.optional(z.string()),
  description: z.optional(z.string()),
});

/** An OAuth client of the org, without its secret. */
export type OAuthClient = z.infer<typeof OAuthClientAnswer>;
