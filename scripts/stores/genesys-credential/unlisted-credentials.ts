import { printable, quote } from "../../core/printable";
import type { OAuthClient } from "../../genesys/answers";
import type { GenesysCall } from "../../genesys/session";
import type { StoreUri } from "../uri";
import { CREDENTIALS_PATH, type Credential, CredentialPage, holdsClient } from "./api";

/** An org has dozens of credentials; more pages than this is a server that goes in circles. */
const MOST_PAGES = 100;
const ANY_ORIGIN = "https://api.invalid";

/**
 * The org's integration credentials that, going by their names, hold this client's secret and are not among the
 * stores: regenerating breaks whatever uses them, and silently.
 * @param genesys a session that has signed in
 */
export async function unlistedCredentials(
  genesys: GenesysCall,
  client: Pick<OAuthClient, "id" | "name">,
  stores: readonly StoreUri[],
): Promise<readonly Credential[]> {
  return unlisted(await listCredentials(genesys), client, stores);
}

/**
 * All credentials of the org that hold an OAuth client. They are only for a hint, so that failing to list (no
 * permission, no answer) is no fault: then it is what was seen until then.
 */
export async function listCredentials(genesys: GenesysCall): Promise<readonly Credential[]> {
  const found: Credential[] = [];
  const seen = new Set<string>();
  for (let path: string | undefined = `${CREDENTIALS_PATH}?pageSize=100`; path; ) {
    if (seen.has(path) || seen.size >= MOST_PAGES) break;
    seen.add(path);
    const answer = await genesys({ method: "GET", path });
    const page =
      answer.kind === "answer" && answer.status === 200 ? CredentialPage.safeParse(answer.body) : undefined;
    if (!page?.success) break;
    found.push(...page.data.entities.filter(holdsClient));
    path = nextPath(page.data.nextUri);
  }
  return found;
}

/** Those among the credentials that go by the client's name or id, and are none of its stores. */
export function unlisted(
  credentials: readonly Credential[],
  client: Pick<OAuthClient, "id" | "name">,
  stores: readonly StoreUri[],
): readonly Credential[] {
  const listed = new Set(stores.map(({ text }) => text));
  return credentials.filter(({ id, name }) => isNamedAfter(name, client) && !listed.has(uriOf(id)));
}

/** What the user should know about a credential before the client's old secret dies. */
export function unlistedWarning({ id, name }: Credential): string {
  return (
    `the integration credential ${quote(name)} seems to hold this client's secret and stops working with a ` +
    `rotation; add the store ${printable(uriOf(id))}`
  );
}

function uriOf(id: string): string {
  return `genesys-credential:${id}`;
}

/** The client's id anywhere in the name, or the client's whole name, not as a part of other words. */
function isNamedAfter(name: string, client: Pick<OAuthClient, "id" | "name">): boolean {
  const [text, wanted] = [name.toLowerCase(), client.name.trim().toLowerCase()];
  if (text.includes(client.id.toLowerCase())) return true;
  if (wanted === "") return false;
  const inWord = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text[at + wanted.length] ?? " "];
    if (!inWord.test(before) && !inWord.test(after)) return true;
  }
  return false;
}

/** The path of the next page; undefined when there is none, or when it leads elsewhere. */
function nextPath(nextUri: string | null | undefined): string | undefined {
  if (!nextUri || !URL.canParse(nextUri, ANY_ORIGIN)) return undefined;
  const { pathname, search } = new URL(nextUri, ANY_ORIGIN);
  return pathname === CREDENTIALS_PATH ? pathname + search : undefined;
}
