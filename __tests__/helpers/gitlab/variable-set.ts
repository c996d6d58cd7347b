/** A variable as GitLab's API shows it. */
export interface GitlabVariable {
  key: string;
  value: string;
  variable_type: string;
  protected: boolean;
  masked: boolean;
  hidden: boolean;
  raw: boolean;
  environment_scope: string;
  description: string | null;
}

/** A refusal in GitLab's words: `message` is a text, or for each field its reasons. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(`${status}`);
  }
}

const KEY = /^[a-zA-Z0-9_]+$/;
const MASKABLE = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;

/** The CI/CD variables of one project or group, with GitLab's rules about them. */
export class VariableSet {
  readonly #variables: GitlabVariable[] = [];
  /** How many fit. */
  limit = 8000;
  /** Why a setting cannot be changed, by its name. */
  refuses: Readonly<Record<string, string[]>> = {};
  /** What can be masked in a raw value. */
  maskable = /^\S{8,}$/;

  all(): readonly GitlabVariable[] {
    return this.#variables;
  }

  /** @throws {Refusal} 404 when there is none, 409 when the scope is needed to choose */
  find(key: string, scope: string | null): GitlabVariable {
    const found = this.#variables.filter(
      (one) => one.key === key && (scope === null || one.environment_scope === scope),
    );
    const [only, ...others] = found;
    if (only === undefined) throw new Refusal(404, { message: "404 Variable Not Found" });
    if (others.length === 0) return only;
    throw new Refusal(409, {
      message:
        "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    });
  }

  create(given: Readonly<Record<string, unknown>>): GitlabVariable {
    const variable: GitlabVariable = {
      key: String(given.key ?? "").trim(),
      value: String(given.value ?? ""),
      variable_type: String(given.variable_type ?? "env_var"),
      protected: isTrue(given.protected),
      masked: isTrue(given.masked) || isTrue(given.masked_and_hidden),
      hidden: isTrue(given.masked_and_hidden),
      raw: isTrue(given.raw),
      environment_scope: String(given.environment_scope ?? "*"),
      description: typeof given.description === "string" ? given.description : null,
    };
    this.#validate(variable);
    this.#variables.push(variable);
    return variable;
  }

  update(variable: GitlabVariable, given: Readonly<Record<string, unknown>>): GitlabVariable {
    const refused = Object.entries(this.refuses).filter(([name]) => given[name] !== undefined);
    if (refused.length > 0) throw new Refusal(400, { message: Object.fromEntries(refused) });
    const next = { ...variable };
    if (given.value !== undefined) next.value = String(given.value);
    if (given.environment_scope !== undefined) next.environment_scope = String(given.environment_scope);
    for (const name of ["protected", "masked", "raw"] as const)
      if (given[name] !== undefined) next[name] = isTrue(given[name]);
    for (const name of ["variable_type", "description"] as const)
      if (given[name] !== undefined) next[name] = String(given[name]);
    this.#validate(next, variable);
    return Object.assign(variable, next);
  }

  remove(variable: GitlabVariable): void {
    this.#variables.splice(this.#variables.indexOf(variable), 1);
  }

  #validate(variable: GitlabVariable, before?: GitlabVariable): void {
    const message: Record<string, string[]> = {};
    const same = this.#variables.some(
      (one) =>
        one !== before && one.key === variable.key && one.environment_scope === variable.environment_scope,
    );
    if (!KEY.test(variable.key)) message.key = ["can contain only letters, digits and '_'."];
    else if (same) message.key = [`(${variable.key}) has already been taken`];
    const maskable = (variable.raw ? this.maskable : MASKABLE).test(variable.value);
    if (variable.masked && !maskable) message.value = ["is invalid"];
    if (variable.hidden && !variable.masked) message.masked = ["must be true for a hidden variable"];
    if (!before && this.#variables.length >= this.limit)
      message.base = [`Maximum number of project variables (${this.limit}) exceeded`];
    if (Object.keys(message).length > 0) throw new Refusal(400, { message });
  }
}

/** GitLab's parser takes a form's texts and JSON's values alike. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "1";
}
