import assert from "node:assert/strict";
import { Socket } from "node:net";
import fc from "fast-check";
import {
  Duration,
  Rotation,
  SecretStore,
  SecureOAuthClient,
  TwinOAuthClient,
  VaultAuth,
} from "../../constructs";
import { anything, assertHarmless, hostileText } from "../helpers/hostile-text";
import { newStack, someStore } from "./synth";

const RUNS = { numRuns: 100 };

let connect: jest.SpyInstance;
beforeAll(() => {
  connect = jest.spyOn(Socket.prototype, "connect");
});
afterAll(() => {
  expect(connect).not.toHaveBeenCalled();
  connect.mockRestore();
});

/** Runs what a stack's author wrote. @returns whether it was taken; fails on a refusal that is not one of ours */
function take(work: () => unknown, names: RegExp): boolean {
  try {
    work();
    return true;
  } catch (error) {
    // A TypeError is what JavaScript says by itself: it names nothing that the author knows.
    assert.equal((error as Error).constructor, Error, String((error as Error).stack));
    const { message } = error as Error;
    assert.match(message, names);
    assert.ok(message.length < 1000, `a message of ${message.length} characters`);
    assertHarmless(message);
    return false;
  }
}

/** Props that are right but for one. */
const USUAL = { name: "orders", stores: [] };

describe("a client's props, each with anything in it", () => {
  const props = [
    "name",
    "description",
    "grantType",
    "roles",
    "scopes",
    "redirectUris",
    "accessTokenValidity",
    "lifecycle",
    "provider",
    "stores",
    "rotation",
    "region",
    "adminCredentials",
    "then",
    "onDestroy",
    "verify",
  ];

  test.each(props)("are taken or refused: %s", (prop) => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.array(anything, { maxLength: 3 })), fc.boolean(), (value, code) => {
        const given = { ...USUAL, stores: [someStore()], [prop]: value };
        const grant = code ? { grantType: "CODE", redirectUris: ["https://acme.example"] } : {};
        take(
          () => new SecureOAuthClient(newStack(), "orders", { ...grant, ...given } as never),
          // Without a grant, what goes with one grant only is what does not fit.
          new RegExp(
            `^dev/orders: ${code && prop === "grantType" ? "(grantType|redirectUris)" : prop}\\b.* must `,
          ),
        );
      }),
      RUNS,
    );
  });

  test.each(["roles", "adminCredentials", "lifecycle"])("what is in %s is taken or refused", (prop) => {
    const keys = [
      "roleId",
      "divisionId",
      "clientIdVariable",
      "clientSecretVariable",
      "preventDestroy",
      "__proto__",
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), anything), (value) => {
        const given = { ...USUAL, stores: [someStore()], [prop]: prop === "roles" ? [value] : value };
        take(
          () => new SecureOAuthClient(newStack(), "orders", given as never),
          new RegExp(`^dev/orders: ${prop}\\b.* must `),
        );
      }),
      RUNS,
    );
  });

  test("the props as a whole and a client id are taken or refused", () => {
    fc.assert(
      fc.property(anything, (value) => {
        take(() => new SecureOAuthClient(newStack(), "orders", value as never), /^dev\/orders: \w+ must /);
        take(() => new TwinOAuthClient(newStack(), "orders", value as never), /^dev\/orders: \w+ must /);
        take(
          () =>
            SecureOAuthClient.fromClientId(newStack(), "orders", {
              clientId: value as string,
              stores: [someStore()],
            }),
          /^dev\/orders: clientId must /,
        );
        take(
          () => SecureOAuthClient.fromClientId(newStack(), "orders", value as never),
          /^dev\/orders: \w+ must /,
        );
      }),
      RUNS,
    );
  });

  test("names that every object has change no object", () => {
    const props = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    new SecureOAuthClient(newStack(), "orders", { ...props, name: "orders", stores: [someStore()] });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("stores, rotations and lengths of time, with anything in each prop", () => {
  const known = "a";
  const factories: Record<string, [(props: never) => unknown, Record<string, unknown>]> = {
    vault: [SecretStore.vault, { mount: known, path: known, field: known }],
    kubernetes: [SecretStore.kubernetes, { namespace: known, name: known, context: known, force: true }],
    githubActions: [
      SecretStore.githubActions,
      { owner: known, repository: known, name: known, environment: known, organization: false },
    ],
    gitlab: [
      SecretStore.gitlab,
      { path: known, key: known, group: true, protected: true, environmentScope: known },
    ],
    awsSecretsManager: [SecretStore.awsSecretsManager, { secret: known, region: known, create: undefined }],
    awsSsm: [SecretStore.awsSsm, { parameter: "/a", region: known, field: "client_id", create: undefined }],
    azureKeyVault: [SecretStore.azureKeyVault, { vault: "abc", name: known, suffix: "vault.azure.cn" }],
    gcpSecretManager: [
      SecretStore.gcpSecretManager,
      { project: "acme-prod", secret: known, create: true, disablePrevious: true },
    ],
  };
  const cases = Object.entries(factories).flatMap(([name, [, props]]) =>
    Object.keys(props).map((prop) => [name, prop]),
  );
  const refusal =
    /^(The store URI ".*" is not valid: |The store .* cannot be used |SecretStore\.|A SecretStore of AWS )/;

  test.each(cases)("SecretStore.%s: %s", (name, prop) => {
    const [factory, props] = factories[name as string] as (typeof factories)[string];
    fc.assert(
      fc.property(anything, (value) => {
        take(() => factory({ ...props, [prop as string]: value } as never), refusal);
      }),
      RUNS,
    );
  });

  const calls: Record<string, [(value: never) => unknown, RegExp]> = {
    "SecretStore.file(value)": [(value) => SecretStore.file(value), refusal],
    "SecretStore.fromUri(value)": [(value) => SecretStore.fromUri(value), refusal],
    "SecretStore.genesysCredential(value)": [(value) => SecretStore.genesysCredential(value), refusal],
    "SecretStore.command(value)": [(value) => SecretStore.command(value), refusal],
    "SecretStore.command([value])": [(value) => SecretStore.command([value]), refusal],
    "SecretStore.command(…, { env })": [(value) => SecretStore.command(["a"], { env: [value] }), refusal],
    "SecretStore.command(…, { timeout })": [
      (value) => SecretStore.command(["a"], { timeout: value }),
      refusal,
    ],
    "SecretStore.command(…, value)": [(value) => SecretStore.command(["a"], value), refusal],
    "VaultAuth.jwt({ role })": [
      (value) => SecretStore.vault({ mount: "a", path: "b", auth: VaultAuth.jwt({ role: value }) }),
      refusal,
    ],
    "tags of AWS": [
      (value) => SecretStore.awsSsm({ parameter: "/a", create: { tags: { a: value }, description: value } }),
      refusal,
    ],
    "Rotation.version(value)": [(value) => Rotation.version(value), /^Rotation\.version\(\) must /],
    "Rotation.every(value)": [(value) => Rotation.every(value), /^Rotation\.every\(\) must /],
    "Rotation.every(…, value)": [(value) => Rotation.every(Duration.days(1), value), /^Rotation\.every\(\)/],
    "Rotation.every(…, { startingAt })": [
      (value) => Rotation.every(Duration.days(1), { startingAt: value }),
      /^Rotation\.every\(\): startingAt must /,
    ],
    "Duration.seconds(value)": [(value) => Duration.seconds(value), /^Duration\.seconds\(\) /],
    "Duration.days(value)": [(value) => Duration.days(value), /^Duration\.days\(\) /],
  };

  test.each(Object.keys(calls))("are taken or refused: %s", (name) => {
    const [call, names] = calls[name] as (typeof calls)[string];
    fc.assert(
      fc.property(fc.oneof(anything, hostileText), (value) => {
        take(() => call(value as never), names);
      }),
      RUNS,
    );
  });
});
