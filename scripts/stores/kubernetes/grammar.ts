import type { SchemeGrammar } from "../grammar";

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_NAME = 253;

/** `kubernetes:NAMESPACE/NAME`: the target is the namespace and the name. */
export const KUBERNETES = {
  form: "kubernetes:NAMESPACE/NAME",
  summary: "the keys of a Secret in a Kubernetes cluster, by server-side apply",
  options: {
    context: "context of the kubeconfig; default: its current one",
    force: '"true" takes over keys that another field manager owns',
  },
  parse: (body) => {
    const [namespace = "", name = "", ...rest] = body.split("/");
    if (rest.length > 0 || name === "") return { reason: "it must name a namespace and a Secret" };
    if (!LABEL.test(namespace))
      return { reason: "the namespace must be 1 to 63 lower case letters, digits and hyphens" };
    if (name.length > LONGEST_NAME || !SUBDOMAIN.test(name))
      return { reason: "the Secret's name must be lower case letters, digits, hyphens and dots" };
    return { canonical: `${namespace}/${name}`, target: [namespace, name] };
  },
} as const satisfies SchemeGrammar;
