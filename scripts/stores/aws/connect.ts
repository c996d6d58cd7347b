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
  // A profile's `credential_process` is a child like any other: the admin's credentials are not its business.
  const back = take(context.credentialVariables.admin);
  try {
    await client.config.credentials();
  } catch (error) {
    const fault = awsFault(error, "sts:GetCallerIdentity");
    if (fault instanceof AwsFault && fault.kind !== "other") throw fault;
    throw new AwsFault("there are no usable AWS credentials", "NoCredentials", "credentials", "credentials");
  } finally {
    Object.assign(process.env, back);
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

/** Takes variables out of the process's environment. @returns those that were there */
function take(names: readonly string[]): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) taken[name] = value;
    delete process.env[name];
  }
  return taken;
}
