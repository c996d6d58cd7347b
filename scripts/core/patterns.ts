/** A UUID, as a part of a pattern. */
export const UUID_FORM = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
export const UUID = new RegExp(`^${UUID_FORM}$`);

/**
 * An id of Genesys Cloud, as a part of a pattern: a UUID today, and perhaps another form one day. No character of it has a
 * meaning in a URL, a header or a shell.
 */
export const ID_FORM = "[A-Za-z0-9_-]{1,128}";
/** The id of an OAuth client, or of a credential. */
export const GENESYS_ID = new RegExp(`^${ID_FORM}$`);

/** The name of an environment variable: letters, digits and underscores, no digit first. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A token, a password or a secret: it goes into a header, so it is printable ASCII without blanks. */
export const TOKEN = tokenOf(1);

/** A token of at least and at most so many characters. */
export function tokenOf(least: number, most?: number): RegExp {
  return new RegExp(`^[\\x21-\\x7e]{${least},${most ?? ""}}$`);
}
