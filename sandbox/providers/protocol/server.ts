import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { fromJSON, loadSync } from "@grpc/proto-loader";
import type { StandInProvider } from "./provider";
import { pluginService } from "./service";
import { Sessions } from "./sessions";

/** A provider that listens on this machine. */
export interface PluginServer {
  /** "127.0.0.1:40123" */
  readonly address: string;
  close(): Promise<void>;
}

// What the engines allow for: the schema of a large provider exceeds the 4 MB that gRPC allows by default.
const MESSAGE_LIMIT = 256 * 1024 * 1024;

/** The parsed tfplugin5.proto as JSON, where it was bundled: there is no such file then. */
declare const TFPLUGIN5: string | undefined;

const OPTIONS = { keepCase: true, longs: Number, enums: String, defaults: true } as const;
const definition =
  typeof TFPLUGIN5 === "undefined"
    ? loadSync(join(__dirname, "tfplugin5.proto"), OPTIONS)
    : fromJSON(JSON.parse(TFPLUGIN5), OPTIONS);
const { Provider } = loadPackageDefinition(definition).tfplugin5 as unknown as {
  Provider: ServiceClientConstructor;
};

/** Serves `provider` over plain gRPC on an ephemeral port of the loopback interface. */
export async function servePlugin<Session>(provider: StandInProvider<Session>): Promise<PluginServer> {
  const sessions = new Sessions<Session>();
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
    "grpc.enable_channelz": 0,
  });
  server.addService(Provider.service, pluginService(provider, sessions));

  // The connections are accepted here rather than by gRPC, which does not say when one ends.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      sessions.close(peer);
    });
    injector.injectConnection(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });
  const bound = listener.address();
  if (bound === null || typeof bound === "string") throw new Error("The listener has no port.");

  return {
    address: `127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        server.forceShutdown();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
