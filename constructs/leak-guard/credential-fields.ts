import { isObject, type Json, type Leaf, resourcesOf } from "./document";
import type { Finding } from "./finding";
import { expressionsIn, type HclToken } from "./hcl-tokens";
import { placeOf } from "./place";
import { isPunctuation } from "./traversal";

const CREDENTIAL = "genesyscloud_integration_credential";

/** Fields that say who or where, and fields that let in. Between the two the guard asks rather than trusts. */
const HARMLESS_FIELD = /(id|name|url|uri|arn|host|region|type|scopes?)$/i;
const SECRET_FIELD = /secret|password|passphrase|token|key/i;

/** Secrets that are written down in the fields of an integration credential. */
export function credentialFields(document: Json, leaves: readonly Leaf[]): Finding[] {
  if (resourcesOf(document, CREDENTIAL).length === 0) return [];
  return leaves.flatMap(({ keys, text }) => {
    const { address, attribute } = placeOf(keys);
    const field = attribute.at(-1);
    if (!address.startsWith(`resource.${CREDENTIAL}.`) || attribute[0] !== "fields") return [];
    // The name of a field is a leaf of its own, and the fields may all stand in one expression.
    if (field === text || field === undefined) return [];
    const whole = attribute.length === 1;
    const written = whole
      ? pairsWritten(text)
      : !isHarmless(String(field)) && isWritten(document, text, new Set());
    if (!written) return [];
    return [
      {
        keys,
        why: "holds a secret that is written down: it would stand in the synthesized JSON, the plan and the state",
        instead:
          "Let a SecureOAuthClient write it with SecretStore.genesysCredential(id); what is another system's secret, take from a variable without a default.",
      },
    ];
  });
}

function isHarmless(field: string): boolean {
  return HARMLESS_FIELD.test(field) && !SECRET_FIELD.test(field);
}

/** Whether a text stands for itself: it refers to nothing, or to a local or a default that is itself written down. */
function isWritten(document: Json, text: string, seen: Set<string>): boolean {
  if (text === "") return false;
  const references = expressionsIn(text).flatMap(referencesIn);
  if (references.length === 0) return true;
  return references.some(([kind, name]) => {
    const address = `${kind}.${name}`;
    const value = constant(document, kind, name);
    if (value === undefined || seen.has(address)) return false;
    return isWritten(document, value, new Set(seen).add(address));
  });
}

/** The first two names of each reference. Functions and keywords are none. */
function referencesIn(tokens: readonly HclToken[]): [kind: string, name: string][] {
  return tokens.flatMap((token, at): [string, string][] => {
    const next = tokens[at + 1];
    if (token.kind !== "name" || isPunctuation(tokens[at - 1], ".") || isPunctuation(next, "(")) return [];
    if (["true", "false", "null"].includes(token.text)) return [];
    return [[token.text, isPunctuation(next, ".") ? (tokens[at + 2]?.text ?? "") : ""]];
  });
}

function constant(document: Json, kind: string, name: string): string | undefined {
  if (!isObject(document)) return undefined;
  const { locals, variable } = document;
  if (kind === "local" && isObject(locals)) return asText(locals[name]);
  const declared = kind === "var" && isObject(variable) ? variable[name] : undefined;
  return isObject(declared) ? asText(declared.default) : undefined;
}

function asText(value: Json): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Whether `{ clientSecret = "…" }` stands in an expression. */
function pairsWritten(text: string): boolean {
  return expressionsIn(text).some((tokens) =>
    tokens.some((token, at) => {
      const name = tokens[at - 2];
      const assigned = isPunctuation(tokens[at - 1], "=") || isPunctuation(tokens[at - 1], ":");
      return assigned && name && token.kind === "plain string" && token.text !== "" && !isHarmless(name.text);
    }),
  );
}
