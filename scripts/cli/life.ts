import type { Verdict } from "../genesys/try-login";

/** The words of `--json` for what a login says of a secret. */
export const LIFE: Readonly<Record<Verdict["secret"], "alive" | "dead" | "unknown">> = {
  valid: "alive",
  invalid: "dead",
  unknown: "unknown",
};

/** What a look with verify "elsewhere" leaves open. */
export const NO_LOGIN_TRIED =
  'No login was tried, as verify is "elsewhere": only stores and documents were looked at.';
