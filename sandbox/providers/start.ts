import { genesysCloudProvider } from "./genesyscloud/genesyscloud-provider";
import { genesysCloudSchema } from "./genesyscloud/schema";
import { nullProvider } from "./null/null-provider";
import { type PluginServer, servePlugin } from "./protocol/server";

/** How the stand-ins run. */
export interface StandInOptions {
  /**
   * Where the providers find GENESYSCLOUD_*, read each time an engine configures one.
   * @default process.env
   */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * The registry that the engine takes providers without a host to come from: OpenTofu has its own.
   * @default "registry.terraform.io"
   */
  readonly registryHost?: "registry.terraform.io" | "registry.opentofu.org";
}

/** Stand-ins that an engine can be attached to. */
export interface StandInProviders {
  /** The value of TF_REATTACH_PROVIDERS for the engine. */
  readonly reattach: string;
  /** Stops listening and breaks off what is under way. */
  close(): Promise<void>;
}

/**
 * Starts stand-ins for `hashicorp/null` and `mypurecloud/genesyscloud` in this process. Any number of engines may be
 * attached to them, one after another and at once. The process must stay free to answer: run the engine asynchronously.
 */
export async function startStandInProviders(options: StandInOptions = {}): Promise<StandInProviders> {
  const { environment = process.env, registryHost = "registry.terraform.io" } = options;
  const genesysCloud = genesysCloudProvider(genesysCloudSchema(), environment);
  const servers: Record<string, PluginServer> = {
    "hashicorp/null": await servePlugin(nullProvider),
    "mypurecloud/genesyscloud": await servePlugin(genesysCloud),
  };
  const attachments = Object.entries(servers).map(([source, server]) => [
    `${registryHost}/${source}`,
    {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      // The engine leaves the process alone when it is done.
      Test: true,
      Addr: { Network: "tcp", String: server.address },
    },
  ]);
  return {
    reattach: JSON.stringify(Object.fromEntries(attachments)),
    close: async () => {
      await Promise.all(Object.values(servers).map((server) => server.close()));
    },
  };
}
