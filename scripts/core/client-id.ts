/** The id of an OAuth client: a UUID, with room for what Genesys Cloud may come up with; nothing that means something anywhere. */
export const CLIENT_ID = /^[A-Za-z0-9_-]{1,128}$/;
