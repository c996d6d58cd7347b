import type { ImportedOAuthClientProps, SecureOAuthClientProps } from "./client-props";
import { invalid, listed } from "./invalid";
import { Rotation } from "./rotation";
import { SecretStore } from "./secret-store";
import { holdsExpression, holdsHandWritten, NO_EXPRESSION, NO_TEMPLATE } from "./template-text";

type Props = Partial<SecureOAuthClientProps> & Partial<ImportedOAuthClientProps>;

/** @throws {Error} on the first text among the props in which Terraform would evaluate more than references. */
export function validateTemplates(path: string, props: Props): void {
  const { name, description, region, clientId, takeOver, scopes, redirectUris, stores, rotation } = props;
  const texts: [string, unknown][] = [
    ...Object.entries({ name, description, region, clientId, takeOver }),
    ...items("scopes", scopes),
    ...items("redirectUris", redirectUris),
    ...items("roles", props.roles).flatMap(([prop, role]) =>
      isObject(role)
        ? Object.entries(role).map(([key, id]): [string, unknown] => [`${prop}.${key}`, id])
        : [],
    ),
    ...items("stores", stores).map(([prop, store]): [string, unknown] => [
      prop,
      store instanceof SecretStore ? store.uri : undefined,
    ]),
    ["rotation", rotation instanceof Rotation ? rotation.id : undefined],
  ];
  for (const [prop, text] of texts) {
    if (typeof text === "string" && holdsExpression(text)) throw invalid(path, prop, NO_EXPRESSION, text);
  }
  for (const [prop, word] of items("then", props.then)) {
    if (typeof word === "string" && holdsHandWritten(word)) throw invalid(path, prop, NO_TEMPLATE, word);
  }
}

function items(prop: string, list: unknown): [string, unknown][] {
  return Array.isArray(list) ? Object.entries(listed(prop, list)) : [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
