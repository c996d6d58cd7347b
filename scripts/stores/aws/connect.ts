import { withoutAdmin } from "../sdk-environment";
import type { StoreContext } from "../store";
import { AwsFault, awsFault } from "./fault";
import { guard } from "./guard";

const SILENCE = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";

/** What every client of the SDK has. */
export interface AwsClient {
  readonly config: {
    region(): Promise<string>;
    credentials(): Promise<unknown>;
  };
}

/**
 * Makes a client of the SDK, and has it find its region and its credentials before anything depends on them.
 * @throws {AwsFault} when there are none
 */
export async function connect<T>(
  make: () => T & AwsClient,
  context: StoreContext,
): Promise<{ client: T; region: string }> {
  const client = withVariable(SILENCE, "true", make);
  guard(client);
  const region = await client.config.region().catch(() => {
    throw new AwsFault("there is no AWS region", "NoRegion", "credentials", "region");
  });
  try {
    await withoutAdmin(context, () => client.config.credentials());
  } catch (error) {
    const fault = awsFault(error, "sts:GetCallerIdentity");
    if (fault instanceof AwsFault && fault.kind !== "other") throw fault;
    throw new AwsFault("there are no usable AWS credentials", "NoCredentials", "credentials", "credentials");
  }
  return { client, region };
}

/** The SDK warns of a Node.js that its next versions will not support; whoever uses a bundle cannot act on it. */
function withVariable<T>(name: string, value: string, work: () => T): T {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}
