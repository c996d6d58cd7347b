import { isIP, Socket } from "node:net";
import { PROXY_HOST } from "./certificates";

/** Where a host is to be found on this machine. */
export type Ports = Readonly<Record<string, number>>;

interface Destination {
  readonly host?: string;
  readonly port?: number | string;
  /** Of a socket of this machine. */
  readonly path?: string | null;
}

type Connect = (this: Socket, ...args: unknown[]) => Socket;

/** Nobody listens there. */
const NOWHERE = 1;
/** Whose ports are the true ones. */
const HERE = ["127.0.0.1", PROXY_HOST];

/**
 * Has every TCP connection of this process end on this machine, whatever its host, as a network that translates
 * addresses does. What TLS is told of the host stays as it is.
 * @param ports asked for each connection
 */
export function detour(ports: () => Ports): void {
  const connect = Socket.prototype.connect as Connect;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    // node:net hands on an array of the options and the callback.
    const list = Array.isArray(args[0]) ? args[0] : args;
    const destination = list[0] as Destination;
    if (typeof destination === "object" && !destination.path) list[0] = redirected(destination, ports());
    return connect.apply(this, args);
  } as Socket["connect"];
}

function redirected(destination: Destination, ports: Ports): object {
  const { host = "localhost" } = destination;
  const port = ports[host] ?? (HERE.includes(host) ? destination.port : NOWHERE);
  if (isIP(host)) return { ...destination, host: "127.0.0.1", port };
  const lookup = (_name: string, options: { all?: boolean }, found: (...answer: unknown[]) => void): void => {
    if (options.all) found(null, [{ address: "127.0.0.1", family: 4 }]);
    else found(null, "127.0.0.1", 4);
  };
  return { ...destination, port, lookup };
}
