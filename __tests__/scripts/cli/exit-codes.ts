/** How each exit code is tried: Node's own debugging must change nothing. */
export const MODES: [string, Record<string, string>][] = [
  ["as it is", {}],
  ["with NODE_DEBUG", { NODE_DEBUG: "http,https,net,tls,stream" }],
];
