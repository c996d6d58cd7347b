import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { clientConfig, regionOption } from "../aws/client-config";
import { connect } from "../aws/connect";
import type { Creation } from "../aws/creation";
import { AwsFault, awsFault } from "../aws/fault";
import type { StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { regionOfArn } from "./grammar";

/** What is known of a secret without its value. */
export interface SecretState {
  /** Id of the version AWSCURRENT. */
  readonly current?: string;
  /** Id of the version that this program has staged. */
  readonly staged?: string;
  /** Id of the version AWSPENDING: somebody else's rotation is under way. */
  readonly foreign?: string;
  /** Id of the version that is still AWSPENDING, and was current before: that rotation has ended. */
  readonly ended?: string;
  /** Whether it is scheduled for deletion. */
  readonly deleted: boolean;
  /** Whether Secrets Manager rotates it by a schedule of its own. */
  readonly rotated: boolean;
  /** The service that manages it, which nobody else may write then. */
  readonly owner?: string;
  /** The region it is replicated from, if this is a replica. */
  readonly primaryRegion?: string;
  /** Its replicas in other regions. */
  readonly replicas: readonly Replica[];
}

/** A replica of a secret. */
export interface Replica {
  readonly region: string;
  /** "InSync", "InProgress" or "Failed". */
  readonly status: string;
}

/** The state of a secret that is so new that AWS does not show it everywhere yet. */
export const NEW_SECRET: SecretState = { deleted: false, rotated: false, replicas: [] };

/** The stage that readers read. */
export const CURRENT = "AWSCURRENT";
/** The stage of AWS's own rotations. */
export const PENDING = "AWSPENDING";
/** Ours, and not AWSPENDING: AWS's rotations would lose that to us, and we to them. */
export const STAGED = "GENESYS_SECRET_PENDING";

/** One secret of AWS Secrets Manager, by the official SDK. All methods throw {@link AwsFault}. */
export class SecretApi {
  readonly #client: SecretsManagerClient;
  readonly #id: string;
  readonly #signal: AbortSignal;
  readonly region: string;

  /** @throws {AwsFault} when there is no region, or there are no credentials */
  static async open(uri: StoreUri, context: StoreContext): Promise<SecretApi> {
    const id = uri.target as string;
    const named = regionOfArn(id) ?? regionOption(uri);
    const config = await clientConfig("secretsmanager", named, uri, context);
    const { client, region } = await connect(() => new SecretsManagerClient(config), context);
    return new SecretApi(client, id, region, context.signal);
  }

  private constructor(client: SecretsManagerClient, id: string, region: string, signal: AbortSignal) {
    this.#client = client;
    this.#id = id;
    this.region = region;
    this.#signal = signal;
  }

  /** Undefined when there is no such secret. */
  async describe(): Promise<SecretState | undefined> {
    const found = await orUndefined(
      this.#call("DescribeSecret", (options) =>
        this.#client.send(new DescribeSecretCommand({ SecretId: this.#id }), options),
      ),
    );
    if (!found) return undefined;
    if (found.ARN === undefined) throw awsFault({ name: "SyntaxError" }, "secretsmanager:DescribeSecret");
    const withStage = (stage: string): string | undefined =>
      Object.entries(found.VersionIdsToStages ?? {}).find(([, stages]) => stages.includes(stage))?.[0];
    const [current, pending, previous] = [CURRENT, PENDING, "AWSPREVIOUS"].map(withStage);
    return {
      current,
      staged: withStage(STAGED),
      foreign: pending === current || pending === previous ? undefined : pending,
      ended: pending !== current && pending === previous ? pending : undefined,
      deleted: found.DeletedDate !== undefined,
      rotated: found.RotationEnabled === true,
      owner: found.OwningService,
      primaryRegion: found.PrimaryRegion,
      replicas: (found.ReplicationStatus ?? []).map(({ Region = "", Status = "" }) => ({
        region: Region,
        status: Status,
      })),
    };
  }

  /**
   * The text of a version.
   * @returns undefined when there is no such version, or it holds nothing; null when it holds bytes
   */
  async value(version: { id: string } | { stage: string }): Promise<string | null | undefined> {
    const which = "id" in version ? { VersionId: version.id } : { VersionStage: version.stage };
    const found = await orUndefined(
      this.#call("GetSecretValue", (options) =>
        this.#client.send(new GetSecretValueCommand({ SecretId: this.#id, ...which }), options),
      ),
    );
    return found?.SecretString ?? (found?.SecretBinary ? null : undefined);
  }

  /**
   * Adds a version; a repetition with the same id and value changes nothing.
   * @param id the id of the new version, a UUID
   */
  async put(id: string, value: string, stages: string[]): Promise<void> {
    await this.#call("PutSecretValue", (options) =>
      this.#client.send(
        new PutSecretValueCommand({
          SecretId: this.#id,
          SecretString: value,
          ClientRequestToken: id,
          VersionStages: stages,
        }),
        options,
      ),
    );
  }

  /** Moves a stage. It fails when the stage is on another version by now than on the one it is taken from. */
  async moveStage(stage: string, from: string | undefined, to: string | undefined): Promise<void> {
    await this.#call("UpdateSecretVersionStage", (options) =>
      this.#client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: this.#id,
          VersionStage: stage,
          RemoveFromVersionId: from,
          MoveToVersionId: to,
        }),
        options,
      ),
    );
  }

  /** Creates the secret without a value. @returns false when it is there already */
  async create(creation: Creation): Promise<boolean> {
    try {
      await this.#call("CreateSecret", (options) =>
        this.#client.send(new CreateSecretCommand({ Name: this.#id, ...creation }), options),
      );
      return true;
    } catch (error) {
      if (error instanceof AwsFault && error.code === "ResourceExistsException") return false;
      throw error;
    }
  }

  /** Schedules the deletion, with the default time in which it can be restored. */
  async delete(): Promise<void> {
    await this.#call("DeleteSecret", (options) =>
      this.#client.send(new DeleteSecretCommand({ SecretId: this.#id }), options),
    );
  }

  async #call<T>(action: string, send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await send({ abortSignal: this.#signal });
    } catch (error) {
      throw awsFault(error, `secretsmanager:${action}`);
    }
  }
}

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AwsFault && error.code === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
