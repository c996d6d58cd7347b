import { randomBytes } from "node:crypto";

/** A client secret of the shape that Genesys Cloud makes: 43 characters of the URL-safe base64 alphabet. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** An access token: 86 characters of the URL-safe base64 alphabet. */
export const newToken = (): string => randomBytes(64).toString("base64url");
