import { type App, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { LeakGuard, OauthClient, SecureOAuthClient } from "../../../constructs";
import { newApp, newStack, only, someStore, synth } from "../synth";
import { leaky, REFUSED } from "./guarded";

/** The attributes of the only client that a stack without a complaint synthesizes to. */
function clientOf(stack: TerraformStack): unknown {
  return only(synth(stack), "genesyscloud_oauth_client");
}

describe("a stack", () => {
  test("has no guard that nobody asked for", () => {
    expect(clientOf(leaky(newStack()))).toMatchObject({ expose_client_secret: true });
  });

  test("has a guard with a SecureOAuthClient, whatever else is in it", () => {
    const stack = newStack();
    new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
    expect(clientOf(stack)).toMatchObject({ name: "orders" });
    expect(() => synth(leaky(stack))).toThrow(REFUSED);
  });

  test("has a guard with an imported client", () => {
    const stack = newStack();
    const clientId = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";
    SecureOAuthClient.fromClientId(stack, "legacy", { clientId, stores: [someStore()] });
    expect(() => synth(leaky(stack))).toThrow(REFUSED);
  });

  test("has a guard when anything in it asks for one", () => {
    const stack = newStack();
    LeakGuard.of(new Construct(stack, "deep"));
    expect(() => synth(leaky(stack))).toThrow(REFUSED);
  });

  test("has no guard of its neighbour's", () => {
    const app = newApp();
    LeakGuard.of(new TerraformStack(app, "guarded"));
    expect(clientOf(leaky(newStack(app)))).toMatchObject({ expose_client_secret: true });
  });
});

describe("of an app", () => {
  const MAKE: Record<string, (app: App) => TerraformStack> = {
    "a stack": (app) => new TerraformStack(app, "s"),
    "a stack of a class of its own": (app) => new (class Own extends TerraformStack {})(app, "s"),
    "a stack deep below": (app) => new TerraformStack(new Construct(new Construct(app, "a"), "b"), "s"),
    "a stack in a stack": (app) =>
      new TerraformStack(new Construct(new TerraformStack(app, "outer"), "a"), "s"),
    "a stack of another copy of CDKTF": (app) => {
      let stack: TerraformStack | undefined;
      jest.isolateModules(() => {
        const other: typeof import("cdktf") = require("cdktf");
        expect(other.TerraformStack).not.toBe(TerraformStack);
        stack = new other.TerraformStack(app, "s");
      });
      return stack as TerraformStack;
    },
  };

  test.each(Object.keys(MAKE))("%s, made before", (what) => {
    const app = newApp();
    const stack = leaky((MAKE[what] as (app: App) => TerraformStack)(app));
    LeakGuard.of(app);
    expect(() => Testing.synth(stack)).toThrow(`${REFUSED}${stack.node.path}:`);
  });

  test.each(Object.keys(MAKE))("%s, made later", (what) => {
    const app = newApp();
    LeakGuard.of(app);
    const stack = (MAKE[what] as (app: App) => TerraformStack)(app);
    new OauthClient(stack, "harmless", { name: "y", authorizedGrantType: "CODE" });
    expect(clientOf(stack)).toMatchObject({ name: "y" });
    expect(() => Testing.synth(leaky(stack))).toThrow(`${REFUSED}${stack.node.path}:`);
  });

  test("a stack below what was asked for first", () => {
    const app = newApp();
    const part = new Construct(app, "part");
    LeakGuard.of(part);
    LeakGuard.of(app);
    LeakGuard.of(app);
    for (const scope of [part, app]) {
      expect(() => Testing.synth(leaky(new TerraformStack(scope, "s")))).toThrow(REFUSED);
    }
  });

  test("its constructs are as they were", () => {
    const app = newApp();
    LeakGuard.of(app);
    const stack = newStack(app);
    expect(Object.getOwnPropertyDescriptor(stack, "node")).toEqual({
      value: stack.node,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    expect(() => new Construct(stack, "genesyscloud")).toThrow(
      "already a Construct with name 'genesyscloud'",
    );
  });
});

test("a guard is put up once, also by another copy of this package", () => {
  const stack = newStack();
  const guard = LeakGuard.of(stack);
  expect(LeakGuard.of(new Construct(stack, "x"))).toBe(guard);
  jest.isolateModules(() => {
    const other: typeof import("../../../constructs") = require("../../../constructs");
    expect(other.LeakGuard).not.toBe(LeakGuard);
    expect(other.LeakGuard.of(stack)).toBe(guard);
  });
});
