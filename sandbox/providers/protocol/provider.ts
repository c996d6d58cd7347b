import type { Diagnostic } from "./diagnostic";
import type { PlanRules } from "./plan";
import type { ProviderSchema } from "./schema";
import type { ObjectValue } from "./value";

/**
 * A provider without its protocol. `Session` is what configuring yields; the engine opens a connection for each
 * provider block (aliases included), and each connection has its own session.
 */
export interface StandInProvider<Session> {
  readonly schema: ProviderSchema;
  /** Whether planned values may differ from the configuration, as with real providers on the older SDK. */
  readonly legacyTypeSystem: boolean;
  readonly resources: Readonly<Record<string, ResourceType<Session>>>;
  readonly dataSources: Readonly<Record<string, DataSourceType<Session>>>;
  configure(config: ObjectValue): Promise<Session>;
}

/** A resource type: the rules of its plans, and the life of its objects. */
export interface ResourceType<Session> extends PlanRules {
  /** What is wrong with a configuration, beyond what the schema says. */
  validate?(config: ObjectValue): Diagnostic[];
  /** @param keep Called with what there is to remember, should the rest fail. */
  create(session: Session, planned: ObjectValue, keep: Keep): Promise<ObjectValue>;
  /** Answers null when the object is gone. */
  read(session: Session, state: ObjectValue): Promise<ObjectValue | null>;
  update(session: Session, prior: ObjectValue, planned: ObjectValue, keep: Keep): Promise<ObjectValue | null>;
  destroy(session: Session, state: ObjectValue): Promise<void>;
}

/** Notes the state to save if the operation fails from here on. */
export type Keep = (state: ObjectValue) => void;

/** A data source type: answers its configuration, completed. */
export interface DataSourceType<Session> {
  read(session: Session, config: ObjectValue): Promise<ObjectValue>;
}
