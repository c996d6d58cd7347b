import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findSecrets, sweepFolders } from "../../sandbox/sweep/sweep";
import { Deployment } from "../helpers/deployment";
import { describeUnlessMissing, describeWithEngine } from "../helpers/engines";

const strace = spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;

/** A process start as strace writes it: its arguments, and its environment. */
interface Start {
  readonly argv: string;
  readonly environment: string;
}

function startsIn(trace: string): Start[] {
  return trace.split("\n").flatMap((line) => {
    const [, argv, environment] = /execve\("[^"]*", (\[.*?\]), (\[.*\])\) = 0/.exec(line) ?? [];
    return argv === undefined || environment === undefined ? [] : [{ argv, environment }];
  });
}

describeUnlessMissing(strace ? undefined : "strace", "every process of an apply", () => {
  describeWithEngine("at TF_LOG=TRACE", (engine) => {
    let deployment: Deployment;
    let output = "";
    let starts: Start[] = [];

    beforeAll(async () => {
      deployment = await Deployment.start(engine);
      const { project } = deployment;
      const traces = join(project.folder, "strace");
      const follow = [
        "strace",
        "-f",
        "-qq",
        "-v",
        "-s",
        "100000",
        "-e",
        "trace=execve,execveat",
        "-e",
        "signal=none",
        "-o",
        traces,
      ];
      const trace = { TF_LOG: "TRACE", TF_LOG_PATH: join(project.folder, "trace.log") };
      const run = async (args: readonly string[]): Promise<void> => {
        const result = await deployment.engine(args, trace, follow);
        output += result.output;
        expect(result).toMatchObject({ code: 0 });
        starts = [...starts, ...startsIn(readFileSync(traces, "utf8"))];
      };
      await deployment.synth("1");
      await run(["init", "-input=false"]);
      await run(["plan", "-input=false", "-out=first.tfplan"]);
      await run(["apply", "-input=false", "first.tfplan"]);
      await deployment.synth("2");
      await run(["plan", "-input=false", "-out=second.tfplan"]);
      await run(["apply", "-input=false", "second.tfplan"]);
      await run(["show", "-json", "second.tfplan"]);
      await run(["state", "pull"]);
      // The trace holds the admin's own secret, which the user put there: it was read, and is not swept.
      writeFileSync(traces, "");
    }, 120_000);
    afterAll(() => deployment.close());

    const secrets = (): string[] => deployment.sandbox.everySecretEver().map(({ secret }) => secret);
    const all = (): string[] => [...secrets(), ...deployment.sandbox.everyTokenEver()];

    test("four secrets and some tokens lived", () => {
      expect(secrets().length).toBe(4);
      expect(deployment.sandbox.everyTokenEver().length).toBeGreaterThan(4);
    });

    test("none is in state, backup, plans, cdktf.out, logs or temporary files", () => {
      const { project } = deployment;
      const kept = ["first.tfplan", "second.tfplan"].map((name) => join(project.stackFolder, name));
      for (const path of [
        ...kept,
        join(project.folder, "trace.log"),
        join(project.folder, "terraform.dev.tfstate"),
      ]) {
        expect(existsSync(path)).toBe(true);
      }
      const { findings } = sweepFolders([project.folder], all());
      expect(findings.filter((finding) => !finding.startsWith(`${project.storePath}:`))).toEqual([]);
    });

    test("none is in stdout or stderr", () => {
      expect(findSecrets(output, all())).toEqual([]);
    });

    test("none is in the arguments of any process that was started", () => {
      expect(starts.filter(({ argv }) => argv.includes("genesys-secret.cjs")).length).toBeGreaterThanOrEqual(
        2,
      );
      expect(findSecrets(starts.map(({ argv }) => argv).join("\n"), all())).toEqual([]);
    });

    test("no process has a client secret in its environment but the admin's own", () => {
      const environments = starts.map(({ environment }) => environment).join("\n");
      const { clientSecret } = deployment.sandbox.admin;
      expect(environments).toContain(clientSecret);
      expect(
        findSecrets(
          environments,
          all().filter((secret) => secret !== clientSecret),
        ),
      ).toEqual([]);
    });
  });
});
