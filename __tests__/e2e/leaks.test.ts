import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Deployment, type EngineResult } from "../helpers/deployment";
import { describeUnlessMissing, describeWithEngine, type Engine, missingStrace } from "../helpers/engines";
import { TracedEngine } from "../helpers/traced-engine";

const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;
const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];

/** The shipped app's client, whose secret leaves the store with it. */
const client = (rotation: string): string => `
  new SecureOAuthClient(stack, "ci", {
    name: "Terraform-Managed-CI-Client",
    stores: [SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")],
    rotation: Rotation.version("${rotation}"),
    onDestroy: "remove",
  });`;

describeUnlessMissing(missingStrace, "no secret and no token is anywhere but in the store", () => {
  describeWithEngine("at TF_LOG=TRACE, with every process under strace", (engine: Engine) => {
    let deployment: Deployment;
    let traced: TracedEngine;
    let rotation = 0;

    beforeAll(async () => {
      deployment = await Deployment.start(engine);
      traced = new TracedEngine(deployment);
    });
    afterAll(async () => {
      await deployment.close();
      traced.remove();
    });

    const rotate = async (): Promise<void> => {
      rotation += 1;
      await deployment.synthClients(client(String(rotation)));
    };
    const run = async (...args: string[]): Promise<void> => {
      expect(await traced.run(args)).toMatchObject({ code: 0 });
    };
    /** Applies a new rotation and strikes when the org has answered the irreversible call, or just before. */
    const applyAndStrike = async (
      when: "onRequest" | "onAnswer",
      strike: (enginePid: number) => void,
      environment: NodeJS.ProcessEnv = {},
    ): Promise<EngineResult> => {
      deployment.recorder.clear();
      const { child, result } = traced.start(APPLY, environment);
      const forget = deployment.sandbox[when](({ path }) => {
        if (SECRET_CALL.test(path)) strike(child.pid as number);
      });
      const ended = await result;
      await deployment.recorder.allEnded();
      forget();
      return ended;
    };
    /** Sweeps; the sweep must have seen what it is about. */
    const expectNoLeak = ({ stored = true }: { stored?: boolean | "perhaps" } = {}): void => {
      const { leaks, expected, processes } = traced.sweep();
      expect(leaks).toEqual([]);
      const { storePath } = deployment.project;
      expect(
        processes.starts.filter(({ argv }) => argv.some((part) => part.endsWith("genesys-secret.cjs"))),
      ).not.toEqual([]);
      expect(expected).toContainEqual(expect.stringMatching(/^environment of \d+ .*node: secret 0, raw$/));
      const written = expected.filter((finding) => finding.startsWith(`written to ${storePath}`));
      if (stored !== "perhaps") expect(written.length > 0).toBe(stored);
    };

    test("after a create: init, plan into a file, apply of the plan", async () => {
      await rotate();
      await run("init", "-input=false");
      await run("plan", "-input=false", "-out=first.tfplan");
      await run("apply", "-input=false", "first.tfplan");
      expect(deployment.storeIsLive()).toBe(true);
      expect(deployment.sandbox.everySecretEver().length).toBe(3);
      expect(deployment.sandbox.everyTokenEver().length).toBeGreaterThan(3);
      expectNoLeak();
    });

    test("and what was swept holds all that a run can leave", () => {
      const { project } = deployment;
      const trace = readFileSync(join(project.folder, "trace.log"), "utf8");
      expect(trace).toContain("[TRACE]");
      for (const path of [
        "terraform.dev.tfstate",
        "cdktf.out/manifest.json",
        "cdktf.out/stacks/dev/cdk.tf.json",
        "cdktf.out/stacks/dev/assets",
        "cdktf.out/stacks/dev/.terraform",
        "cdktf.out/stacks/dev/first.tfplan",
        "home",
        "tmp",
      ]) {
        expect(existsSync(join(project.folder, path)) ? "swept" : path).toBe("swept");
      }
    });

    test("after a rotation, and in what Terraform shows of the plan and the state", async () => {
      await rotate();
      await run("plan", "-input=false", "-out=second.tfplan");
      await run("show", "-json", "second.tfplan");
      await run("apply", "-input=false", "second.tfplan");
      await run("state", "pull");
      expect(existsSync(join(deployment.project.folder, "terraform.dev.tfstate.backup"))).toBe(true);
      expectNoLeak();
    });

    test("after a store failed when the new secret is there", async () => {
      await rotate();
      const { storePath } = deployment.project;
      const fail = (): void => {
        rmSync(storePath);
        mkdirSync(storePath);
      };
      const failed = await applyAndStrike("onRequest", fail, { GENESYS_SECRET_RETRY_TIMEOUT: "1" });
      expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("exit status 8") });
      // The rehearsal has replaced the file by an identical copy, the old secret in it.
      expectNoLeak({ stored: "perhaps" });
      rmSync(storePath, { recursive: true });
    });

    test("after the apply that heals it", async () => {
      await run(...APPLY);
      expect(deployment.storeIsLive()).toBe(true);
      expectNoLeak();
    });

    test("after SIGINT to the engine, the shell and the program when the new secret is there", async () => {
      await rotate();
      await applyAndStrike("onAnswer", (enginePid) => process.kill(-enginePid, "SIGINT"));
      expect(deployment.storeIsLive()).toBe(true);
      expectNoLeak();
    });

    test("after SIGKILL of the program when the new secret is there", async () => {
      await run(...APPLY);
      traced.sweep();
      await rotate();
      const kill = (): void => {
        for (const pid of deployment.recorder.pids) process.kill(pid, "SIGKILL");
      };
      expect(await applyAndStrike("onAnswer", kill)).toMatchObject({ code: 1 });
      // The answer has left: a fast program may have written it, to the store or only beside it, before the signal came.
      expectNoLeak({ stored: "perhaps" });
    });

    test("after the next apply, which leaves one file with the secret, of mode 0600", async () => {
      await run(...APPLY);
      expect(deployment.storeIsLive()).toBe(true);
      expectNoLeak();
      const { storePath } = deployment.project;
      expect(readdirSync(join(storePath, ".."))).toEqual(["Terraform-Managed-CI-Client.json"]);
      expect(statSync(storePath).mode & 0o777).toBe(0o600);
    });

    test("after a destroy, which takes the secret out of the store, too", async () => {
      await run("destroy", "-auto-approve", "-input=false", "-no-color");
      expect(existsSync(deployment.project.storePath)).toBe(false);
      expectNoLeak({ stored: false });
    });
  });
});
