import { UUID } from "../core/patterns";

const SHAPE = /^[A-Za-z0-9_-]{43}$/;
/** 43 random characters of 64 have 31 different ones on average, and fewer than 16 practically never. */
const FEWEST_CHARACTERS = 16;

export const SECRET_LENGTH = 43;

/** Whether a text has the shape of a secret as Genesys Cloud makes them, and is no placeholder. */
export function isSecretShaped(text: string): boolean {
  return SHAPE.test(text) && new Set(text).size >= FEWEST_CHARACTERS;
}

/** Whether a text has the shape of a client's id. */
export function isClientId(text: string): boolean {
  return UUID.test(text);
}
