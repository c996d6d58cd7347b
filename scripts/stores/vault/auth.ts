import { HIDDEN } from "../../core/printable";
import { badOption, type StoreUri, type StoreUriError } from "../uri";

const METHODS = ["token", "approle", "kubernetes", "jwt"] as const;

export type AuthMethod = (typeof METHODS)[number];

/** The options that each method takes. */
const TAKES: Readonly<Record<AuthMethod, readonly string[]>> = {
  token: [],
  approle: ["auth_mount"],
  kubernetes: ["role", "auth_mount", "token_file"],
  jwt: ["role", "auth_mount", "token_file", "audience"],
};

/** How a store URI says to log in. */
export interface VaultAuth {
  /** @default - a token, or AppRole when only its variables are set */
  readonly method?: AuthMethod;
  readonly role?: string;
  readonly mount?: string;
  readonly tokenFile?: string;
  readonly audience?: string;
}

/** @throws {StoreUriError} on an unknown method, or an option that the method does not take */
export function readAuth(uri: StoreUri): VaultAuth {
  const fail = (reason: string): StoreUriError => badOption(uri, reason);
  const method = uri.options.get("auth");
  if (method !== undefined && !isMethod(method))
    throw fail(`the option auth must be one of ${METHODS.join(", ")}`);
  const takes = method === undefined ? [] : TAKES[method];
  const foreign = ["role", "auth_mount", "token_file", "audience"].find(
    (name) => uri.options.has(name) && !takes.includes(name),
  );
  if (foreign !== undefined) {
    const takers = METHODS.filter((one) => TAKES[one].includes(foreign));
    throw fail(`the option ${foreign} goes with auth=${takers.join(" or auth=")}`);
  }
  // A URL resolves dots: the credentials would go to another place than the option says.
  const mount = uri.options.get("auth_mount")?.replace(/^\/+|\/+$/g, "");
  if (mount?.split("/").some((part) => /^\.{0,2}$/.test(part)) || HIDDEN.test(mount ?? ""))
    throw fail('the option auth_mount must be a path, no part of it empty, "." or ".."');
  const empty = [...uri.options].find(([, value]) => value.trim() === "");
  if (empty) throw fail(`the option ${empty[0]} is empty`);
  if (method === "kubernetes" && !uri.options.has("role"))
    throw fail("auth=kubernetes needs the option role");
  return {
    method,
    role: uri.options.get("role"),
    mount,
    tokenFile: uri.options.get("token_file"),
    audience: uri.options.get("audience"),
  };
}

function isMethod(text: string): text is AuthMethod {
  return (METHODS as readonly string[]).includes(text);
}
