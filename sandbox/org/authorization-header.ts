/** What HTTP Basic carries. */
export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/** Reads `Basic base64(id:secret)`; nothing when the header is of another kind, or broken. */
export function readBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1];
  if (!encoded) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

/** Reads `Bearer token`; nothing when the header is of another kind. */
export function readBearer(header: string | undefined): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
}
