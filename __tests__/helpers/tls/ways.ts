import type { Network, ProxyKind } from "./network";
import type { Target } from "./targets";

/** A way to a target. */
export interface Way {
  readonly title: string;
  goes(target: Target): boolean;
  /** The target's variables, and the way's. */
  environment(target: Target, network: Network): Record<string, string>;
}

export const WAYS: readonly Way[] = [
  { title: "direct", goes: isService, environment: (target) => target.environment() },
  byEnvironment("http"),
  byEnvironment("https"),
  byOwnSetting("http"),
  byOwnSetting("https"),
  byOwnSetting("socks5h"),
  {
    title: "to an https:// proxy",
    goes: ({ isProxy = false }) => isProxy,
    environment: (target) => target.environment(),
  },
];

function byEnvironment(kind: ProxyKind): Way {
  return {
    title: `HTTPS_PROXY=${kind}://…`,
    goes: isService,
    environment: (target, network) => ({ ...target.environment(), HTTPS_PROXY: network.proxy(kind).origin }),
  };
}

/** GENESYSCLOUD_PROXY_HOST and so on, and a kubeconfig's proxy-url. */
function byOwnSetting(kind: ProxyKind): Way {
  return {
    title: `the service's own setting of a proxy, ${kind}://…`,
    goes: ({ ownProxies = [] }) => ownProxies.includes(kind),
    environment: (target, network) => target.environment(network.proxy(kind)),
  };
}

function isService({ isProxy = false }: Target): boolean {
  return !isProxy;
}
