/** The log of https-proxy-agent, which this program does not use: DEBUG would have it print what goes to the proxy. */
export default function createDebug(): () => void {
  return () => undefined;
}
