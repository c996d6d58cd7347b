import { encodings } from "../../scripts/core/encodings";
import { type Environment, variable } from "../../scripts/core/environment";
import { CREDENTIAL_FILES, credentialVariables } from "../../scripts/stores/credential-variables";
import type { Leaf } from "./document";
import type { Finding } from "./finding";

/** Shorter values stand in many a text by chance. */
const SHORTEST = 8;

/** Credential variables whose values are no secrets, and stand in stacks for good reason: ids, and paths of files. */
const NO_SECRETS = ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLOUD_CLIENT_ID", ...CREDENTIAL_FILES];

/** Under this name a stack says which variable holds the secret of its org's admin client. */
const NAMED_SECRET = "GENESYS_SECRET_ADMIN_SECRET_VARIABLE";

interface Form {
  readonly variable: string;
  readonly text: string;
}

/** The secrets in the environment of the synth, in every form in which they could stand in a document. */
export class KnownSecrets {
  private readonly forms: readonly Form[];

  /**
   * @param leaves of the document, which names variables of its own.
   * @param moreNames of variables that hold a secret.
   */
  constructor(environment: Environment, leaves: readonly Leaf[], moreNames: readonly string[] = []) {
    const named = leaves.filter(({ keys, text }) => keys.at(-1) === NAMED_SECRET && text !== NAMED_SECRET);
    const { admin, stores } = credentialVariables({});
    const names = new Set([...admin, ...stores, ...named.map(({ text }) => text), ...moreNames]);
    for (const name of NO_SECRETS) names.delete(name);
    this.forms = [...names].flatMap((name) => formsOf(name, variable(environment, name)));
  }

  /** Secrets that stand in the document, wherever and in whatever form. */
  findings(leaves: readonly Leaf[]): Finding[] {
    return leaves.flatMap(({ keys, text }) => {
      const form = text.length < SHORTEST ? undefined : this.forms.find((one) => text.includes(one.text));
      if (!form) return [];
      return [
        {
          keys,
          why: `holds the value of ${form.variable}, a secret of the environment`,
          instead:
            "Take it out, and change the secret if the file has left this machine: whoever reads it has it.",
        },
      ];
    });
  }

  /** The text without the secrets in it. */
  mask(text: string): string {
    return this.forms.reduce((masked, form) => masked.replaceAll(form.text, `[${form.variable}]`), text);
  }
}

function formsOf(name: string, value: string | undefined): Form[] {
  if (value === undefined || value.length < SHORTEST) return [];
  // Terraform's own escape of a template stands between a value and its text, too.
  const texts = new Set([...encodings(value).values(), value.replace(/[$%](?=\{)/g, "$&$&")]);
  return [...texts].map((text) => ({ variable: name, text }));
}
