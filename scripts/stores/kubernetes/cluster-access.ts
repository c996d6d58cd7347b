import { accessSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { getProxyForUrl } from "proxy-from-env";
import { variable } from "../../core/environment";
import { printable } from "../../core/printable";
import { isLoopback } from "../../http/connection";
import { withoutAdmin } from "../sdk-environment";
import type { StoreContext } from "../store";

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** The credentials of a cluster cannot be used. The message is safe to print. */
export class ClusterAccessError extends Error {}

/**
 * The cluster and the credentials to use, as kubectl finds them: KUBECONFIG, `~/.kube/config`, else the pod's own.
 * @param contextName the kubeconfig's context; its current one when undefined
 * @throws {ClusterAccessError}
 */
export function clusterAccess(contextName: string | undefined, context: StoreContext): KubeConfig {
  const config = load(variable(context.environment, "KUBECONFIG"));
  if (contextName !== undefined) {
    if (!config.getContextObject(contextName))
      throw new ClusterAccessError(`the kubeconfig has no context "${printable(contextName)}"`);
    config.setCurrentContext(contextName);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new ClusterAccessError("the kubeconfig's current context names no cluster");
  if (!config.getCurrentUser())
    throw new ClusterAccessError("the kubeconfig's current context names no user");
  const server = serverOf(cluster.server);
  if (server.protocol === "http:" && !isLoopback(server.hostname))
    throw new ClusterAccessError("the kubeconfig's server is plain http, which goes to this machine only");
  if (server.protocol === "https:" && cluster.skipTLSVerify)
    context.progress.warn("the kubeconfig turns off the check of the cluster's certificate");
  const proxyUrl = cluster.proxyUrl ?? (isLoopback(server.hostname) ? "" : getProxyForUrl(server.href));
  config.clusters = config.clusters.map((one) =>
    one.name === cluster.name
      ? // The client wants this said before it uses plain http at all.
        {
          ...one,
          ...(server.protocol === "http:" && { skipTLSVerify: true }),
          ...(proxyUrl && { proxyUrl }),
        }
      : one,
  );
  withholdAdmin(config, context);
  return config;
}

function load(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  const files = kubeconfig?.split(delimiter).filter(Boolean) ?? [join(homedir(), ".kube", "config")];
  const found = files.filter(exists);
  if (found.length > 0) {
    const parts = found.map(loadFile);
    // Where several files say the same thing, the first one counts, as with kubectl.
    config.loadFromOptions({
      clusters: parts.flatMap(({ clusters }) => clusters),
      users: parts.flatMap(({ users }) => users),
      contexts: parts.flatMap(({ contexts }) => contexts),
      currentContext: parts.find(({ currentContext }) => currentContext)?.currentContext,
    });
    return config;
  }
  if (kubeconfig === undefined && exists(SERVICE_ACCOUNT_TOKEN)) {
    config.loadFromCluster();
    return config;
  }
  throw new ClusterAccessError(
    kubeconfig === undefined
      ? "there is no ~/.kube/config, KUBECONFIG is not set, and this is no pod with a service account"
      : "no file that KUBECONFIG names exists",
  );
}

/** The parser's own errors quote the file, tokens included. */
function loadFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
    return config;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ClusterAccessError(
      `the kubeconfig "${printable(file)}" ${typeof code === "string" ? `cannot be read (${code})` : "is not a kubeconfig"}`,
    );
  }
}

function serverOf(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === "https:" || url.protocol === "http:") return url;
  } catch {
    // Said below.
  }
  throw new ClusterAccessError("the kubeconfig's server is not an http or https address");
}

/** A credential plugin is a child process, and the admin's credentials do not reach children. */
function withholdAdmin(config: KubeConfig, context: StoreContext): void {
  const user = config.getCurrentUser();
  const name: unknown = user?.authProvider?.name;
  if (name === "gcp" || name === "azure")
    throw new ClusterAccessError(
      `the kubeconfig's auth-provider "${name}" was removed from Kubernetes in 1.26; use its exec plugin`,
    );
  const authenticate = config.applySecurityAuthentication.bind(config);
  config.applySecurityAuthentication = (request) => withoutAdmin(context, () => authenticate(request));
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
