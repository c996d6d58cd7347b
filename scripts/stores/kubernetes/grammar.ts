import type { SchemeRow } from "../grammar";

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;

/** `kubernetes:NAMESPACE/NAME`: the target is the namespace and the name. */
export const KUBERNETES: SchemeRow = {
  form: "kubernetes:NAMESPACE/NAME",
  summary: "the keys of a Secret in a Kubernetes cluster, by server-side apply",
  example: "default/orders",
  options: {
    context: { help: "context of the kubeconfig; default: its current one", identity: true },
    client_id_key: { help: "the key that holds the client's id; default client_id" },
    client_secret_key: { help: "the key that holds the secret; default client_secret" },
    force: { help: '"true" takes over keys that another field manager owns' },
  },
  holds: "the document",
  readable: true,
  credentials: [],
  credentialFiles: ["KUBECONFIG"],
  // What holds the old secret often runs in that cluster.
  passedToThen: ["KUBECONFIG"],
  policy: ["get, patch on the Secret", "create on secrets, where it is not there yet"],
  notRehearsed: "admission webhooks that take no part in a dry run",
  parse: (body) => {
    const [namespace = "", name = "", ...rest] = body.split("/");
    if (rest.length > 0 || name === "") return { reason: "it must name a namespace and a Secret" };
    if (!LABEL.test(namespace))
      return { reason: "the namespace must be 1 to 63 lower case letters, digits and hyphens" };
    if (name.length > LONGEST_NAME || !SUBDOMAIN.test(name))
      return { reason: "the Secret's name must be lower case letters, digits, hyphens and dots" };
    return { canonical: `${namespace}/${name}`, target: [namespace, name] };
  },
};
