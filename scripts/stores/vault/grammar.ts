import { decodePrintable, type SchemeRow } from "../grammar";

/** Where Kubernetes puts a pod's own token. */
export const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** `vault:`, an entry of a KV version 2 secrets engine of HashiCorp Vault or OpenBao. */
export const VAULT: SchemeRow = {
  form: "vault:MOUNT/PATH, the slashes of a mount's own name written %2F where it has to be explicit (secret%2F/data/x: an entry whose path begins with data/)",
  summary: "an entry of a KV version 2 secrets engine of HashiCorp Vault or OpenBao",
  example: "secret/genesys/orders",
  options: {
    auth: {
      help: "how to log in: token, approle, kubernetes or jwt; default token, or approle when only its variables are set",
    },
    role: { help: "the role to log in as, for kubernetes and jwt" },
    auth_mount: { help: "where the auth method is mounted; default the method's own name" },
    audience: { help: "the audience to ask GitHub Actions for, for jwt; default GitHub's own" },
    token_file: {
      help: `the file that holds the token to log in with, for kubernetes and jwt; default for kubernetes ${SERVICE_ACCOUNT_TOKEN}`,
    },
    field: { help: "the field that holds the secret; default client_secret", identity: true },
  },
  holds: "the document",
  readable: true,
  credentials: [
    "VAULT_TOKEN",
    "VAULT_SECRET_ID",
    "VAULT_JWT",
    "BAO_TOKEN",
    "BAO_SECRET_ID",
    "VAULT_HEADERS",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  ],
  credentialFiles: ["VAULT_CLIENT_KEY", "BAO_CLIENT_KEY"],
  policy: [
    "create, update, read on MOUNT/data/PATH",
    "read on MOUNT/metadata/PATH and MOUNT/config, to see beforehand that versions stay",
  ],
  notRehearsed:
    "the limits of the server's own storage (a full disk, the largest entry), and, where the token may not read MOUNT/metadata/PATH and MOUNT/config, delete_version_after",
  parse: (body) => {
    const segments = body.split("/").map(decodePrintable);
    if (segments.length < 2) return { reason: "it needs a mount and a path" };
    const [mount, ...path] = segments;
    if (mount === undefined || path.includes(undefined))
      return { reason: "its percent-encoding is broken, or hides a control character" };
    if (path.some((segment) => segment?.includes("/")))
      return { reason: "only the mount's own name may hold slashes written %2F" };
    const explicit = mount.replace(/\/$/, "");
    // A URL resolves dots: such a path would lead to another place than it says.
    if ([...explicit.split("/"), ...path].some((segment) => /^\.{0,2}$/.test(segment ?? "")))
      return { reason: 'no part of the mount or the path may be empty, "." or ".."' };
    // One way to write one place: the slash at the mount's end says only that data/ is the entry's own.
    const begins = path[0] === "data" && path.length > 1 && !explicit.includes("/");
    const target = [begins ? mount : explicit, ...path] as string[];
    return { canonical: target.map(encodeURIComponent).join("/"), target };
  },
};
