import type { HttpGate } from "./http-gate";
import type { AccessKey, Moto } from "./moto";
import { MotoGate } from "./moto-gate";
import type { StoreFixture } from "./store-conformance";

/** What moto adds to what all stores' fixtures have. */
export type MotoFixture = Omit<StoreFixture, "uri" | "readSecret">;

const USER = "rotator";

/**
 * What the fixtures of both AWS stores have in common: an empty account, one user, and a gate before moto.
 * @param actions what the user may do
 * @param writing the action that a denied user lacks
 */
export async function motoFixture(
  moto: Moto,
  actions: readonly string[],
  writing: string,
): Promise<MotoFixture> {
  await moto.reset();
  const key = await moto.createUser(USER, actions);
  const { gate } = await MotoGate.open(moto.origin);
  let tls: HttpGate | undefined;
  return {
    environment: awsEnvironment(gate.origin, key),
    storeCredentials: [key.secret],
    wrongCredentials: { AWS_SECRET_ACCESS_KEY: "nobodys-key" },
    deny: () =>
      moto.allow(
        USER,
        actions.filter((action) => action !== writing),
      ),
    stop: () => gate.stop(),
    restart: () => gate.restart(),
    redirect: (origin) => gate.redirectTo(origin),
    answerHuge: () => gate.answerHuge(),
    answerBroken: () => gate.answer(),
    serveTls: async (certificate) => {
      ({ gate: tls } = await MotoGate.open(moto.origin, certificate));
      return { AWS_ENDPOINT_URL: tls.origin };
    },
    close: async () => {
      await gate.stop();
      await tls?.stop();
    },
  };
}

/** The SDK's own variables, and none of this machine's credentials. */
export function awsEnvironment(origin: string, key: AccessKey): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: origin,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
