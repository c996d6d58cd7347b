import type { Moto } from "./moto";

/** A version of a parameter. */
export interface HeldValue {
  readonly Value: string;
  readonly Type: string;
  readonly Version: number;
}

/** What a parameter has besides. */
export interface ParameterTraits {
  readonly KeyId?: string;
  readonly Tier?: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Policies?: unknown;
}

/** A parameter of moto's Parameter Store, behind the program's back. */
export class MotoParameter {
  readonly #moto: Moto;
  readonly #name: string;

  constructor(moto: Moto, name: string) {
    this.#moto = moto;
    this.#name = name;
  }

  /** Adds a version, of a SecureString unless the traits say otherwise. */
  put(text: string, traits: object = {}): Promise<unknown> {
    const input = { Name: this.#name, Value: text, Type: "SecureString", ...traits };
    return this.#moto.asAws((call) => call.ssm("PutParameter", input));
  }

  /** The latest version; undefined when there is none. */
  held(): Promise<HeldValue | undefined> {
    const input = { Name: this.#name, WithDecryption: true };
    return this.#moto
      .asAws((call) => call.ssm<{ Parameter: HeldValue }>("GetParameter", input))
      .then(
        ({ Parameter }) => Parameter,
        () => undefined,
      );
  }

  async traits(): Promise<ParameterTraits> {
    const filter = { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [this.#name] }] };
    const { Parameters } = await this.#moto.asAws((call) =>
      call.ssm<{ Parameters: ParameterTraits[] }>("DescribeParameters", filter),
    );
    return Parameters[0] ?? {};
  }
}
