import type { Moto } from "../../helpers/moto";
import { AwsCall } from "../../helpers/moto-call";
import { awsEnvironment } from "../../helpers/moto-fixture";
import { Gate } from "../gate";
import type { TortureStore } from "./torture-store";

/** Moto takes any keys until IAM is in force. */
const KEY = { id: "AKIATORTURE", secret: "torture-key-of-nobody-0123456789" };

/**
 * `aws-secretsmanager:`, a secret in moto; its stages are looked at when `refresh` is called.
 * @param name of the secret
 */
export async function secretsManagerStore(moto: Moto, name: string): Promise<TortureStore> {
  const gate = await Gate.open(moto.origin);
  const call = new AwsCall(moto.origin);
  await call.secretsmanager("CreateSecret", { Name: name, SecretString: "{}" });
  let held: string | undefined;
  return {
    kind: "aws-secretsmanager",
    uri: `aws-secretsmanager:${name}`,
    readable: true,
    environment: awsEnvironment(gate.origin, KEY),
    credentials: [KEY.secret],
    gate,
    refresh: async () => {
      const { SecretString } = await call.secretsmanager<{ SecretString: string }>("GetSecretValue", {
        SecretId: name,
        VersionStage: "AWSCURRENT",
      });
      held = JSON.parse(SecretString).client_secret;
    },
    holds: () => held,
    residue: () => [],
    close: () => gate.close(),
  };
}
