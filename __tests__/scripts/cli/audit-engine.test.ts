import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { type StandInProviders, startStandInProviders } from "../../../sandbox/providers";
import { describeWithEngine } from "../../helpers/engines";
import { findLeaks } from "../../helpers/leaks";
import { PROGRAM } from "../../helpers/program";
import { registryHost, Workspace } from "../../sandbox/providers/workspace";

const TYPE = "genesyscloud_oauth_client";

describeWithEngine("what a real engine leaves of expose_client_secret", (engine) => {
  let org: Sandbox;
  let providers: StandInProviders;
  let workspace: Workspace;

  beforeEach(async () => {
    org = await startSandbox();
    providers = await startStandInProviders({
      environment: { ...org.environment },
      registryHost: registryHost(engine),
    });
    workspace = new Workspace(engine, providers.reattach);
    write("orders");
    await workspace.apply();
  });

  afterEach(async () => {
    workspace.remove();
    await providers.close();
    await org.close();
  });

  const write = (description: string): void =>
    workspace.write({
      provider: { genesyscloud: [{ gateway: [{}] }] },
      resource: {
        [TYPE]: {
          orders: {
            name: "orders",
            description,
            authorized_grant_type: "CLIENT-CREDENTIALS",
            expose_client_secret: true,
          },
        },
      },
      output: { handover: { value: `\${${TYPE}.orders.client_secret}`, sensitive: true } },
    });
  const id = (): string => workspace.attributes(TYPE, "orders")?.id as string;

  /** Runs the bundle in the engine's folder; whatever it says holds no secret. */
  const audit = async (args: string[], stdin?: string) => {
    const child = spawn(process.execPath, ["--", PROGRAM, "audit", ...args], {
      cwd: workspace.folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...org.environment,
        GENESYS_SECRET_RETRY_TIMEOUT: "2",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.end(stdin ?? "");
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(
      findLeaks(
        stdout + stderr,
        org.everySecretEver().map(({ secret }) => secret),
      ),
    ).toEqual([]);
    return { code, stdout, stderr };
  };
  const leaksOf = async (args: string[], stdin?: string) => {
    const { code, stdout } = await audit([...args, "--json"], stdin);
    expect(code).toBe(10);
    return JSON.parse(stdout).leaks as { client_id: string; places: { what: string; inside: string[] }[] }[];
  };
  const whats = (places: { what: string }[]): string[] => [...new Set(places.map(({ what }) => what))].sort();
  const BOTH = [`${TYPE}.orders, client_secret`, "output handover"];

  test("state: the secret is found alive, a kill kills it, the store holds the new one, a second audit says dead", async () => {
    const leaked = org.liveSecret(id());
    const [leak, ...others] = await leaksOf(["terraform.tfstate"]);
    expect(others).toEqual([]);
    expect(leak?.client_id).toBe(id());
    expect(whats(leak?.places ?? [])).toEqual(BOTH);

    const alive = await audit(["--check-live", "terraform.tfstate"]);
    expect(alive).toMatchObject({ code: 10, stdout: expect.stringMatching(/^ALIVE/m) });
    const killed = await audit(["--kill", `${id()}=file:./orders.json`, "terraform.tfstate"]);
    expect(killed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^killed/m) });
    const { client_secret } = JSON.parse(readFileSync(join(workspace.folder, "orders.json"), "utf8"));
    expect([org.accepts(id(), leaked), org.accepts(id(), client_secret)]).toEqual([false, true]);
    expect(await audit(["--check-live", "terraform.tfstate"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^dead/m),
    });
  });

  test("plan file, show -json of both, and state pull on standard input", async () => {
    write("orders of tomorrow");
    expect((await workspace.run("plan", "-out=tomorrow")).code).toBe(0);
    const [inPlan] = await leaksOf(["tomorrow"]);
    expect(inPlan?.client_id).toBe(id());
    const members = new Set(inPlan?.places.map(({ inside }) => inside[0]));
    expect([...members]).toEqual(expect.arrayContaining(["tfplan", "tfstate"]));

    for (const args of [
      ["show", "-json"],
      ["show", "-json", "tomorrow"],
      ["state", "pull"],
    ]) {
      const { output } = await workspace.run(...args);
      const [shown] = await leaksOf(["-"], output);
      expect(shown?.client_id).toBe(id());
      expect(whats(shown?.places ?? [])).toEqual(BOTH);
    }
  });

  test("a state that was committed once is found in the git history, with its commit", async () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: workspace.folder,
        encoding: "utf8",
      });
    git("init", "-q");
    git("add", "-f", "terraform.tfstate");
    git("commit", "-qm", "oops");
    writeFileSync(join(workspace.folder, "terraform.tfstate"), "");
    expect(JSON.parse((await audit(["--json", "terraform.tfstate"])).stdout).leaks).toEqual([]);
    const [leak] = (await leaksOf(["--git", "terraform.tfstate"])) as unknown as {
      places: { commit: string }[];
    }[];
    expect(leak?.places[0]?.commit).toBe(git("rev-parse", "HEAD").trim());
  });
});
