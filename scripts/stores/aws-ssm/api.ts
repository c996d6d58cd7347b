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
  readonly dataType?: string;
  readonly description?: string;
  /** When a policy of the parameter deletes it, as AWS writes it. */
  readonly expires?: string;
}

const ABSENT = /^Parameter(Version)?NotFound$/;

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

  /**
   * Undefined when there is no such parameter.
   * @param number of the version. @default - the latest
   */
  async value(number?: number): Promise<ParameterValue | undefined> {
    const Name = number === undefined ? this.#name : `${this.#name}:${number}`;
    const found = await this.#call("GetParameter", (options) =>
      this.#client.send(new GetParameterCommand({ Name, WithDecryption: true }), options),
    ).catch((error) => {
      if (error instanceof AwsFault && ABSENT.test(error.code)) return undefined;
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
      if (found)
        return {
          keyId: found.KeyId,
          tier: found.Tier,
          allowedPattern: found.AllowedPattern,
          dataType: found.DataType,
          description: found.Description || undefined,
          expires: expiryIn(found.Policies),
        };
      token = page.NextToken;
    } while (token !== undefined);
    return {};
  }

  /**
   * Replaces the value. What else it has is said again, the key above all: without it AWS would encrypt with the
   * account's default one. Its policies and tags stay by themselves.
   * @returns the number of the new version
   */
  async put(text: string, traits: ParameterTraits): Promise<number> {
    const { Version } = await this.#put({
      Value: text,
      Overwrite: true,
      KeyId: traits.keyId,
      Tier: traits.tier,
      AllowedPattern: traits.allowedPattern,
      DataType: traits.dataType,
      Description: traits.description,
    });
    return Version ?? 0;
  }

  /** Creates the parameter. @returns false when somebody else has just created it */
  async create(
    text: string,
    { KmsKeyId, Description, Tags }: Creation,
    tier: ParameterTier | undefined,
  ): Promise<boolean> {
    try {
      await this.#put({ Value: text, Tier: tier, KeyId: KmsKeyId, Description, Tags, Overwrite: false });
      return true;
    } catch (error) {
      if (error instanceof AwsFault && error.code === "ParameterAlreadyExists") return false;
      throw error;
    }
  }

  async delete(): Promise<void> {
    await this.#call("DeleteParameter", (options) =>
      this.#client.send(new DeleteParameterCommand({ Name: this.#name }), options),
    );
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

/** When a policy deletes the parameter; undefined when none does. */
function expiryIn(
  policies: readonly { PolicyText?: string; PolicyType?: string }[] = [],
): string | undefined {
  const text = policies.find(({ PolicyType }) => PolicyType === "Expiration")?.PolicyText;
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(text).Attributes.Timestamp);
  } catch {
    return "a time that its policy names";
  }
}
