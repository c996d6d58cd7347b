import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { describeWithEngine } from "../helpers/engines";

const CLIENT = `new SecureOAuthClient(stack, "orders", {
  name: "orders", stores: [SecretStore.file("./secrets/orders.json")],
  then: ["node", "-e", "require('node:fs').writeFileSync('then.txt', 'It ran.')"],
});`;

/** A null provider of the user's own, and a resource of it. */
const ownNull = (config: string): string => {
  const [provider, resource] = ["provider", "resource"].map((name) =>
    JSON.stringify(require.resolve(`@cdktf/provider-null/lib/${name}`)),
  );
  return `const { NullProvider } = require(${provider});
    const { Resource } = require(${resource});
    const provider = new NullProvider(stack, "null", ${config});
    new Resource(stack, "theirs", { provider });`;
};

const STACKS = [
  ["of its own alone", "", {}],
  ["beside a null provider of the user's", ownNull("{}"), {}],
  ["beside an aliased null provider of the user's", ownNull('{ alias: "theirs" }'), {}],
  ["written as HCL", "", { SYNTH_HCL_OUTPUT: "true" }],
] as const;

describeWithEngine("the last client of a stack", (engine) => {
  describe.each(STACKS)("%s", (_, rest, environment) => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await Deployment.start(engine);
      await synth(CLIENT);
    });
    afterAll(() => deployment?.close());

    const synth = async (client: string): Promise<void> => {
      const main = deployment.writeMain(rest + client);
      await deployment.synthMain(main, { environment });
      expect(await deployment.init()).toMatchObject({ code: 0 });
    };
    const state = (): { type: string }[] => {
      const path = join(deployment.project.folder, "terraform.dev.tfstate");
      return JSON.parse(readFileSync(path, "utf8")).resources;
    };

    test("is deployed", async () => {
      const { code, output } = await deployment.apply();
      expect(output).toContain("Read back and logged in: it works");
      expect(output).not.toContain("Duplicate required provider");
      expect(code).toBe(0);
      expect(readFileSync(join(deployment.project.stackFolder, "then.txt"), "utf8")).toBe("It ran.");
    });

    test("is taken out of the code: its destruction is planned, and carried out", async () => {
      const before = state().length;
      await synth("");
      const { code, output } = await deployment.apply();
      expect(output).toContain("Plan: 0 to add, 0 to change, 2 to destroy.");
      expect(code).toBe(0);
      expect(state()).toHaveLength(before - 2);
      expect(await deployment.engine(["plan", "-detailed-exitcode", "-input=false"])).toMatchObject({
        code: 0,
      });
    });

    test("comes back as a new one", async () => {
      await synth(CLIENT);
      expect(await deployment.apply()).toMatchObject({ code: 0 });
      expect(deployment.regenerations()).toBe(2);
    });
  });
});
