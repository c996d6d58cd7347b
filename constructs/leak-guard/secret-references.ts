import { OAUTH_CLIENT } from "./client-attributes";
import { type Json, type Leaf, resourcesOf } from "./document";
import type { Finding } from "./finding";
import { expressionsIn, type HclExpression } from "./hcl-tokens";
import { placeOf } from "./place";
import { begins, isPunctuation, type Step, traverse } from "./traversal";

const SECRET = "client_secret";

/** What a reference takes of a client: its secret, all of it, or neither. */
type Taken = "secret" | "whole" | undefined;

/** Expressions that take the secret of a client, or a whole client, which has it inside. */
export function secretReferences(document: Json, leaves: readonly Leaf[]): Finding[] {
  const repeated = new Set(
    resourcesOf(document, OAUTH_CLIENT)
      .filter(({ attributes }) => attributes.for_each !== undefined || attributes.count !== undefined)
      .map(({ name }) => name),
  );
  // A trigger and the program's environment say the same, a thousand times in a large stack.
  const read = new Map<string, readonly HclExpression[]>();
  const expressionsOf = (text: string): readonly HclExpression[] => {
    const known = read.get(text) ?? expressionsIn(text);
    read.set(text, known);
    return known;
  };
  return leaves.flatMap((leaf) => {
    // Two quick looks at the text spare most of a stack the tokenizer.
    const { text, keys } = leaf;
    if (!text.includes("{") || !(text.includes(OAUTH_CLIENT) || text.includes("self"))) return [];
    if (isNoValue(leaf)) return [];
    const expressions = expressionsOf(text);
    const references = [
      ...expressions.flatMap((tokens, index) => clientsIn(tokens, repeated, expressions.slice(index))),
      ...selvesIn(leaf, expressions),
    ];
    // In the text of HCL an address cannot be told from a whole client; in JSON, which is inspected as well, it can.
    const counted = keys[0] === "hcl" ? references.filter(({ taken }) => taken === "secret") : references;
    return counted.map(({ client, taken }) => ({
      keys,
      client,
      why:
        taken === "secret"
          ? `refers to the secret of ${OAUTH_CLIENT}.${client}, which would write it to the plan and the state`
          : `refers to the whole of ${OAUTH_CLIENT}.${client}, which has the secret inside`,
      instead:
        taken === "secret"
          ? "Read the secret from the store that a SecureOAuthClient puts it into."
          : `Refer to the attributes that are needed, such as ${OAUTH_CLIENT}.${client}.id, one by one.`,
    }));
  });
}

/** What Terraform reads as a comment or as addresses, of which it takes no value. In a local such keys are any others. */
function isNoValue({ keys }: Leaf): boolean {
  const { address, attribute } = placeOf(keys);
  if (address.startsWith("locals.")) return false;
  const [first, second] = attribute;
  return (
    first === "//" ||
    first === "depends_on" ||
    (first === "lifecycle" && (second === "replace_triggered_by" || second === "ignore_changes"))
  );
}

interface Reference {
  readonly client: string;
  readonly taken: Taken;
}

function clientsIn(
  tokens: HclExpression,
  repeated: ReadonlySet<string>,
  onwards: readonly HclExpression[],
): Reference[] {
  return tokens.flatMap(({ text }, at) => {
    if (text !== OAUTH_CLIENT) return [];
    // `resource.` may stand before a reference, `data.` makes it one to the data source, which knows no secret.
    const prefixed = isPunctuation(tokens[at - 1], ".") && begins(tokens, at - 2, "resource");
    if (!prefixed && !begins(tokens, at, OAUTH_CLIENT)) return [];
    const { steps, end } = traverse(tokens, at + 1);
    const [name, ...rest] = steps;
    if (typeof name !== "object") return [];
    const client = name.name;
    const start = prefixed ? at - 2 : at;
    const taken = takes(rest, repeated.has(client));
    return [{ client, taken: taken === "whole" ? asUsed(tokens, start, end, onwards) : taken }].filter(
      (reference) => reference.taken,
    );
  });
}

/** @param repeated whether the client has for_each or count, so that its first step picks an instance. */
function takes(steps: readonly Step[], repeated: boolean): Taken {
  const [first] = steps;
  const attributes = first === "one of several" || (first && repeated) ? steps.slice(1) : steps;
  const names = attributes.filter((step) => typeof step === "object").map(({ name }) => name);
  if (names.includes(SECRET)) return "secret";
  return names.length > 0 ? undefined : "whole";
}

/** What is left of a whole client after what stands around it: most ways to take one attribute of many clients. */
function asUsed(tokens: HclExpression, start: number, end: number, onwards: readonly HclExpression[]): Taken {
  const argument = isPunctuation(tokens[start - 1], "(");
  const called = argument ? tokens[start - 2]?.text : undefined;
  const alone = isPunctuation(tokens[end], ")");
  if (alone && (called === "keys" || called === "length")) return undefined;
  if (alone && (called === "values" || called === "one"))
    return takes(traverse(tokens, end + 1).steps, false);
  const key = tokens[end + 1];
  if (called === "lookup" && isPunctuation(tokens[end], ",") && key?.kind === "plain string") {
    return key.text === SECRET ? "secret" : undefined;
  }
  const item = tokens[start - 2];
  if (tokens[start - 1]?.text === "in" && item?.kind === "name") return usesOf(item.text, onwards);
  return "whole";
}

/** What is taken by the variable of a `for`: of its own expression, or of a directive's, which goes on in the next ones. */
function usesOf(variable: string, expressions: readonly HclExpression[]): Taken {
  const uses = expressions.flatMap((tokens) =>
    tokens.flatMap((_, at) => {
      if (!begins(tokens, at, variable) || tokens[at + 1]?.text === "in") return [];
      return [takes(traverse(tokens, at + 1).steps, false)];
    }),
  );
  return uses.includes("secret") ? "secret" : uses.find((taken) => taken === "whole");
}

/** A client's provisioners and conditions know it as `self`. */
function selvesIn({ keys }: Leaf, expressions: readonly HclExpression[]): Reference[] {
  const [kind, type, client] = placeOf(keys).address.split(".");
  if (kind !== "resource" || type !== OAUTH_CLIENT || client === undefined) return [];
  const taken = usesOf("self", expressions);
  return taken ? [{ client, taken }] : [];
}
