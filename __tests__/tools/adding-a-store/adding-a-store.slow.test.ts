import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../../helpers/leaks";
import { type ProgramResult, runProgram } from "../../helpers/program";
import { openBox } from "./box";
import { copyProject, takeSteps } from "./recipe";

const home = realpathSync(mkdtempSync(join(tmpdir(), "adding-a-store-")));
const project = join(home, "project");

function run(script: string, ...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, "node_modules", script), ...args],
    { cwd: project, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return { status, output: stdout + stderr };
}

beforeAll(() => {
  copyProject(project);
  takeSteps(project);
  const built = run("tsx/dist/cli.mjs", "tools/bundling/build.ts");
  expect(built).toEqual({ status: 0, output: "" });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the toy store compiles with the rest of the project", () =>
  expect(run("typescript/bin/tsc", "--noEmit")).toEqual({ status: 0, output: "" }));

test("it keeps the rules about who may import what", () => {
  const folders = ["constructs", "scripts", "sandbox", "__tests__"];
  const { status, output } = run("dependency-cruiser/bin/dependency-cruise.mjs", ...folders);
  expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining("no dependency") });
});

test("it keeps what every store keeps", () => {
  const { status, output } = run("jest/bin/jest.js", "-w", "1", "__tests__/scripts/stores/toybox");
  expect({ status, output }).toMatchObject({ status: 0 });
  expect(output).toContain("the store toybox: as one of many");
});

test("the build makes a file of its own of it, which no other apply takes along", () => {
  const { apply, stores } = JSON.parse(readFileSync(join(project, "dist/program/parts.json"), "utf8"));
  const ofToy: readonly string[] = stores.toybox;
  expect(ofToy).toContainEqual(expect.stringMatching(/^toybox-store-\w+\.mjs$/));
  expect(apply.filter((name: string) => name.startsWith("toybox"))).toEqual([]);
  expect(stores.file.filter((name: string) => name.startsWith("toybox"))).toEqual([]);
});

test("an option that is said to tell places apart makes two stores in a stack, and another one does not", () => {
  const script = join(project, "two-places.ts");
  writeFileSync(
    script,
    `import { Testing } from "cdktf";
import { TerraformStack } from "cdktf";
import { SecretStore, SecureOAuthClient } from "./constructs";
const stack = new TerraformStack(Testing.app(), "dev");
const claim = (name: string, uri: string): void => {
  try {
    new SecureOAuthClient(stack, name, { name, stores: [SecretStore.fromUri(uri)] });
    console.log(name, "is fine");
  } catch (error) {
    console.log((error as Error).message);
  }
};
claim("a", SecretStore.toybox("/box/toy").uri);
claim("b", SecretStore.toybox("/box/toy", "bottom").uri);
claim("c", "toybox:/box/toy?shelf=bottom&polish=true");
`,
  );
  const { output } = run("tsx/dist/cli.mjs", script);
  expect(output.trim().split("\n")).toEqual([
    "a is fine",
    "b is fine",
    expect.stringContaining(
      "dev/c: stores[0] must be a store of its own, got toybox:/box/toy?polish=true&shelf=bottom, which dev/b writes",
    ),
  ]);
});

describe("the program", () => {
  let sandbox: Sandbox;
  let box: Awaited<ReturnType<typeof openBox>>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    box = await openBox(sandbox, home);
  });

  afterAll(() => sandbox.close());

  const program = (...args: readonly string[]): Promise<ProgramResult> =>
    runProgram(
      args,
      { ...sandbox.environment, ...box.environment },
      home,
      join(project, "dist/program/genesys-secret.cjs"),
    );

  test("names it among the stores that it knows", async () => {
    const { code, stderr } = await program("doctor", "--store", "nowhere:x");
    expect(code).toBe(2);
    expect(stderr).toMatch(/its scheme is unknown; known are file, .*\btoybox\b/);
  });

  test("withholds the credential that its row names from what `run` starts", async () => {
    const { id } = sandbox.addClient({ name: "of-run" });
    expect((await program("regenerate", "--client-id", id, "--store", box.uri)).code).toBe(0);
    const shown = ["node", "-p", "[typeof process.env.TOYBOX_KEY, process.env.GENESYSCLOUD_OAUTHCLIENT_ID]"];
    const { code, stdout, stderr } = await program("run", "--store", box.uri, "--", ...shown);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `[ 'undefined', '${id}' ]\n` });
    expect(findLeaks(stdout + stderr, box.storeCredentials)).toEqual([]);
    const passed = await program("run", "--pass-env", "TOYBOX_KEY", "--store", box.uri, "--", ...shown);
    expect(passed.stdout).toBe(`[ 'string', '${id}' ]\n`);
  });

  test("withholds it from a program of command:, unless the URI names it", async () => {
    const { id } = sandbox.addClient({ name: "of-command" });
    const seen = join(home, "seen");
    const store = `command:${JSON.stringify(["sh", "-c", `cat > /dev/null; env > ${seen}`])}`;
    expect((await program("regenerate", "--client-id", id, "--store", store)).code).toBe(0);
    expect(existsSync(seen) && readFileSync(seen, "utf8")).not.toContain("TOYBOX_KEY");
    expect((await program("regenerate", "--client-id", id, "--store", `${store}?env=TOYBOX_KEY`)).code).toBe(
      0,
    );
    expect(readFileSync(seen, "utf8")).toContain("TOYBOX_KEY=");
  });
});
