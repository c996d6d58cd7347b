import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Consumer, FRAMEWORKS, type Framework } from "./consumer";

const MAIN = `import { App, LocalBackend, TerraformStack } from "cdktf";
import { GenesyscloudProvider, Rotation, SecretStore, SecureOAuthClient } from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "prod");
new LocalBackend(stack, { path: "terraform.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
new SecureOAuthClient(stack, "orders", { name: "orders", stores: [SecretStore.file("./orders.json")], rotation: Rotation.version("1") });
app.synth();
`;

const TSCONFIG = (module: string) =>
  JSON.stringify({
    compilerOptions: { module, target: "ES2022", strict: true, skipLibCheck: true, types: ["node"] },
  });

/** All files below a folder, with their contents. */
function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

function node(cwd: string, ...args: string[]): Map<string, string> {
  execFileSync(process.execPath, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  return filesIn(join(cwd, "cdktf.out"));
}

describe.each(Object.keys(FRAMEWORKS) as Framework[])("with %s", (framework) => {
  let consumer: Consumer;
  beforeAll(() => {
    consumer = new Consumer(framework);
    // npm brings CDKTF along with the prebuilt null provider; nothing below may need what is not the framework's.
    const others = Object.keys(FRAMEWORKS).filter((name) => name !== framework);
    for (const name of framework === "cdktn" ? [...others, "@cdktf"] : others)
      rmSync(consumer.bin(name), { recursive: true, force: true });
  });
  afterAll(() => consumer?.remove());

  describe("a ten-line stack", () => {
    const ways: Record<string, () => Map<string, string>> = {
      "CommonJS under ts-node": () => {
        const folder = consumer.project("ts-node", "commonjs", {
          "main.ts": MAIN,
          "tsconfig.json": TSCONFIG("node16"),
        });
        return node(folder, consumer.bin("ts-node/dist/bin.js"), "main.ts");
      },
      "CommonJS under tsx": () => {
        const folder = consumer.project("tsx-cjs", "commonjs", { "main.ts": MAIN });
        return node(folder, "--import", "tsx", "main.ts");
      },
      "ESM under tsx": () => {
        const folder = consumer.project("tsx-esm", "module", { "main.ts": MAIN });
        return node(folder, "--import", "tsx", "main.ts");
      },
      "CommonJS, compiled": () => {
        const folder = consumer.project("js-cjs", "commonjs", {
          "main.ts": MAIN,
          "tsconfig.json": TSCONFIG("node16"),
        });
        execFileSync(process.execPath, [consumer.bin("typescript/bin/tsc"), "-p", "."], { cwd: folder });
        return node(folder, "main.js");
      },
      "ESM, compiled": () => {
        const folder = consumer.project("js-esm", "module", {
          "main.ts": MAIN,
          "tsconfig.json": TSCONFIG("nodenext"),
        });
        execFileSync(process.execPath, [consumer.bin("typescript/bin/tsc"), "-p", "."], { cwd: folder });
        return node(folder, "main.js");
      },
    };

    let first: Map<string, string> | undefined;

    test.each(Object.keys(ways))("%s: synthesizes, to the same bytes", (way) => {
      const files = (ways[way] as () => Map<string, string>)();
      first ??= files;
      expect([...files.keys()]).toEqual([...first.keys()]);
      for (const [name, text] of files) expect(text === first.get(name) ? "same" : name).toBe("same");

      const document = JSON.parse(files.get(join("stacks", "prod", "cdk.tf.json")) as string);
      const { command } = Object.values<{ provisioner: [{ "local-exec": { command: string } }] }>(
        document.resource.null_resource,
      ).map(({ provisioner }) => provisioner[0]["local-exec"])[0] as { command: string };
      const program = /node (\S+) regenerate/.exec(command)?.[1] as string;
      expect(files.has(join("stacks", "prod", ...program.split("/")))).toBe(true);
    });
  });

  test("a hundred clients share one copy of the program, which starts where it lies", () => {
    const many = MAIN.replace(
      /new SecureOAuthClient.*/,
      'for (let n = 0; n < 100; n++) new SecureOAuthClient(stack, "c" + n, { name: "n", stores: [SecretStore.file("./" + n + ".json")], rotation: Rotation.onClientChange() });',
    );
    const folder = consumer.project("hundred", "commonjs", { "main.ts": many });
    const files = node(folder, "--import", "tsx", "main.ts");

    const document = JSON.parse(files.get(join("stacks", "prod", "cdk.tf.json")) as string);
    expect(Object.keys(document.resource.null_resource)).toHaveLength(100);
    const launchers = [...files.keys()].filter((name) => name.endsWith("genesys-secret.cjs"));
    expect(launchers).toHaveLength(1);

    const { status, stdout } = spawnSync(process.execPath, [launchers[0] as string, "--version"], {
      cwd: join(folder, "cdktf.out"),
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "0.1.0\n" });
  });

  test("the command is on the path of npm's scripts", () => {
    expect(execFileSync(consumer.bin(".bin/genesys-secret"), ["--version"], { encoding: "utf8" })).toBe(
      "0.1.0\n",
    );
  });
});
