import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

const RUNNERS = ["null_resource", "terraform_data"] as const;

describeWithEngine("the synthesized stack as a module of another one, with a blank in its path", (engine) => {
  describe.each(RUNNERS)("%s", (runner) => {
    let deployment: Deployment;
    let project: string;
    beforeAll(async () => {
      deployment = await Deployment.start(engine);
      const folder = (name: string): string => join(deployment.project.folder, name);
      project = folder("the project");
      deployment.engineFolder = folder("the root");
      for (const path of [project, deployment.engineFolder]) mkdirSync(path);
      writeFileSync(
        join(deployment.engineFolder, "main.tf"),
        'module "genesys" {\n  source = "../the project/cdktf.out/stacks/dev"\n}\n',
      );
      await synth("1");
      expect(await deployment.init()).toMatchObject({ code: 0 });
    });
    afterAll(() => deployment?.close());

    const synth = (rotation: string): Promise<void> =>
      deployment.synthMain(
        deployment.writeMain(
          `new SecureOAuthClient(stack, "orders", {
             name: "orders", runner: "${runner}", rotation: Rotation.version("${rotation}"), onDestroy: "remove",
             stores: [SecretStore.file("./secrets/orders.json")],
             then: ["node", "-e", "require('node:fs').appendFileSync('then.txt', 'It ran. ')"],
           });`,
        ),
        { cwd: project },
      );
    const store = (): string => join(project, "secrets", "orders.json");
    const storeHoldsValidSecret = (): boolean => {
      const { client_id, client_secret } = JSON.parse(readFileSync(store(), "utf8"));
      return deployment.sandbox.accepts(client_id, client_secret);
    };
    const thenRan = (): string => readFileSync(join(project, "cdktf.out/stacks/dev/then.txt"), "utf8");
    const said: string[] = [];

    test("finds the program, and the store in its own project's folder", async () => {
      const { code, output } = await deployment.apply();
      said.push(output);
      expect(output).toContain("Read back and logged in: it works");
      expect(code).toBe(0);
      expect(storeHoldsValidSecret()).toBe(true);
      expect(thenRan()).toBe("It ran. ");
    });

    test("has nothing to do afterwards, from whichever folder the engine is called", async () => {
      const plan = ["plan", "-detailed-exitcode", "-input=false"];
      expect(await deployment.engine(plan)).toMatchObject({ code: 0 });
      const root = deployment.engineFolder;
      deployment.engineFolder = deployment.project.folder;
      expect(await deployment.engine(["-chdir=the root", ...plan])).toMatchObject({ code: 0 });
      deployment.engineFolder = root;
    });

    test("rotates, once", async () => {
      await synth("2");
      const { code, output } = await deployment.apply();
      said.push(output);
      expect(code).toBe(0);
      expect(deployment.regenerations()).toBe(2);
      expect(storeHoldsValidSecret()).toBe(true);
      expect(thenRan()).toBe("It ran. It ran. ");
    });

    test("leaves no secret and no token in any file but the store, nor in what the engine said", () => {
      const { leaks, expected } = leaksOf(deployment, { texts: { "the engine's output": said.join("") } }, [
        store(),
      ]);
      expect(leaks).toEqual([]);
      expect(expected.length).toBeGreaterThan(0);
    });

    test("takes the document away with its client", async () => {
      const destroy = ["destroy", "-auto-approve", "-input=false"];
      expect(await deployment.engine(destroy)).toMatchObject({ code: 0 });
      expect(existsSync(store())).toBe(false);
    });
  });
});
