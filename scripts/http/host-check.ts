import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** What an agent is told about the connection that it has to make. */
interface Connection {
  readonly host?: string;
  /** Empty for an IP address, which TLS has no way to name. */
  readonly servername?: string;
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** An agent of agent-base: one that opens a way through a proxy, and then speaks TLS to the host behind it. */
interface TunnelAgent {
  connect(request: never, connection: never): unknown;
}

/**
 * Has an agent check the certificate against the host of the URL. By themselves these agents withhold the host from TLS,
 * and Node.js then takes the proxy's name, or "localhost", for the name of a host that is given as an IP address: the
 * wrong server is trusted, the right one refused. https://github.com/TooTallNate/proxy-agents/pull/367
 * @returns the same agent
 */
export function checkingHost<T extends TunnelAgent>(agent: T): T {
  const connect = agent.connect.bind(agent) as (request: unknown, connection: Connection) => unknown;
  const checked = (request: unknown, connection: Connection): unknown => {
    const host = connection.servername || connection.host || "";
    const check = connection.checkServerIdentity ?? checkServerIdentity;
    return connect(request, {
      ...connection,
      checkServerIdentity: (_name, certificate) => check(host, certificate),
    });
  };
  return Object.assign(agent, { connect: checked });
}
