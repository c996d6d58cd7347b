import { badOption, type StoreUri, type StoreUriError } from "../uri";

/** Where GitHub keeps a secret: the repository, one of its environments, or its organization. */
export interface SecretPlace {
  /** In words, for messages. */
  readonly title: string;
  /** The path of its secrets, as a template. */
  readonly path: string;
  /** What fills the template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly repository: string;
  /** Name of the secret. */
  readonly name: string;
  readonly ofOrganization: boolean;
  /** What a token needs to write there, for messages. */
  readonly rights: string;
}

/** @throws {StoreUriError} when the options do not fit together */
export function readPlace(uri: StoreUri): SecretPlace {
  const [owner, repository, name] = uri.target as unknown as [string, string, string];
  const environment = uri.options.get("environment");
  const organization = uri.options.get("organization");
  const wrong = (why: string): StoreUriError => badOption(uri, why);
  if (environment !== undefined && organization !== undefined)
    throw wrong("the options environment and organization exclude each other");
  if (environment?.trim() === "") throw wrong("the option environment is empty");
  // A secret of one organization cannot be made visible to another's repository.
  if (organization !== undefined && organization.toLowerCase() !== owner.toLowerCase())
    throw wrong(`the option organization must be the repository's owner, ${owner}`);
  const common = { owner, repository, name, ofOrganization: organization !== undefined };
  if (organization !== undefined) {
    return {
      ...common,
      title: `the organization ${organization}`,
      path: "/orgs/{org}/actions/secrets",
      parameters: { org: organization },
      rights:
        'the organization permission "Secrets: read and write" and the repository permission "Metadata: read" (fine-grained token or GitHub App), or the scopes admin:org and repo (classic token)',
    };
  }
  const parameters = { owner, repo: repository };
  if (environment !== undefined) {
    return {
      ...common,
      title: `the environment "${environment}" of ${owner}/${repository}`,
      path: "/repos/{owner}/{repo}/environments/{environment_name}/secrets",
      parameters: { ...parameters, environment_name: environment },
      rights:
        'the repository permission "Environments: read and write" (fine-grained token or GitHub App), or the scope repo (classic token)',
    };
  }
  return {
    ...common,
    title: `the repository ${owner}/${repository}`,
    path: "/repos/{owner}/{repo}/actions/secrets",
    parameters,
    rights:
      'the repository permission "Secrets: read and write" (fine-grained token or GitHub App), or the scope repo (classic token)',
  };
}
