import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  type ParameterTier,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { clientConfig, regionOption } from "../aws/client-config";
import { connect } from "../aws/connect";
import type { Creation } from "../aws/creation";
import { AwsFault, awsFault } from "../aws/fault";
import type { StoreContext } from "../store";
import type { StoreUri } from "../uri";

/** A parameter's value, decrypted. */
export interface ParameterValue {
  readonly text: string;
  readonly type: string;
  readonly version: number;
}

/** What of a parameter a new version must repeat or fit. */
export interface ParameterTraits {
  readonly keyId?: string;
  readonly tier?: ParameterTier;
  /** Regular expression that every value must match. */
  readonly allowedPattern?: string;
}

/** One parameter of the Parameter Store, by the official SDK. All methods throw {@link AwsFault}. */
export class ParameterApi {
  readonly #client: SSMClient;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly region: string;

  /** @throws {AwsFault} when there is no region, or there are no credentials */
  static async open(uri: StoreUri, context: StoreContext): Promise<ParameterApi> {
    const config = await clientConfig("ssm", regionOption(uri), uri, context);
    const { client, region } = await connect(() => new SSMClient(config), context);
    return new ParameterApi(client, uri.target as string, region, context.signal);
  }

  private constructor(client: SSMClient, name: string, region: string, signal: AbortSignal) {
    this.#client = client;
    this.#name = name;
    this.region = region;
    this.#signal = signal;
  }

  /** Undefined when there is no such parameter. */
  async value(): Promise<ParameterValue | undefined> {
    const found = await this.#call("GetParameter", (options) =>
      this.#client.send(new GetParameterCommand({ Name: this.#name, WithDecryption: true }), options),
    ).catch((error) => {
      if (error instanceof AwsFault && error.code === "ParameterNotFound") return undefined;
      throw error;
    });
    if (!found) return undefined;
    const { Value: text, Type: type, Version: version } = found.Parameter ?? {};
    if (text === undefined || type === undefined || version === undefined)
      throw awsFault({ name: "SyntaxError" }, "ssm:GetParameter");
    return { text, type, version };
  }

  async traits(): Promise<ParameterTraits> {
    let token: string | undefined;
    do {
      const page = await this.#call("DescribeParameters", (options) =>
        this.#client.send(
          new DescribeParametersCommand({
            ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [this.#name] }],
            NextToken: token,
          }),
          options,
        ),
      );
      // AWS may answer a page with nothing in it, and more to come.
      const found = page.Parameters?.find(({ Name }) => Name === this.#name);
      if (found) return { keyId: found.KeyId, tier: found.Tier, allowedPattern: found.AllowedPattern };
      token = page.NextToken;
    } while (token !== undefined);
    return {};
  }

  /**
   * Replaces the value. The key is named again, or AWS would encrypt with the account's default one.
   * @returns the number of the new version
   */
  async put(text: string, { keyId, tier }: ParameterTraits): Promise<number> {
    const { Version } = await this.#put({ Value: text, Overwrite: true, KeyId: keyId, Tier: tier });
    return Version ?? 0;
  }

  /** Creates the parameter. That another has just created it is fine. */
  async create(text: string, creation: Creation, tier: ParameterTier | undefined): Promise<void> {
    await this.#putNew({ Value: text, Tier: tier, ...creation });
  }

  /**
   * Asks AWS to create what is there already: it refuses, and whether for that reason or for want of the permission
   * tells if these credentials may write. Nothing changes.
   */
  async rehearsePut(text: string): Promise<void> {
    await this.#putNew({ Value: text });
  }

  async delete(): Promise<void> {
    await this.#call("DeleteParameter", (options) =>
      this.#client.send(new DeleteParameterCommand({ Name: this.#name }), options),
    );
  }

  async #putNew(input: { Value: string; Tier?: ParameterTier } & Creation): Promise<void> {
    await this.#put({ ...input, Overwrite: false }).catch((error) => {
      if (!(error instanceof AwsFault && error.code === "ParameterAlreadyExists")) throw error;
    });
  }

  #put(input: Omit<ConstructorParameters<typeof PutParameterCommand>[0], "Name" | "Type">) {
    return this.#call("PutParameter", (options) =>
      this.#client.send(
        new PutParameterCommand({ Name: this.#name, Type: "SecureString", ...input }),
        options,
      ),
    );
  }

  async #call<T>(action: string, send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await send({ abortSignal: this.#signal });
    } catch (error) {
      throw awsFault(error, `ssm:${action}`);
    }
  }
}
