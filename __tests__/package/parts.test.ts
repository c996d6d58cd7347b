import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { SecretStore, SecureOAuthClient } from "../../constructs";
import { startSandbox } from "../../sandbox/org";
import { PROGRAM, runProgram } from "../helpers/program";

const FOLDER = dirname(PROGRAM);
const PARTS = JSON.parse(readFileSync(join(FOLDER, "parts.json"), "utf8"));
const CLIENT_ID = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";

const root = mkdtempSync(join(tmpdir(), "parts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The folder with the program that travels with a stack which has a client for each of these stores. */
function shipped(...stores: (SecretStore | ((stack: TerraformStack) => SecretStore))[]): string {
  const app = new App({ outdir: mkdtempSync(join(root, "out-")), skipValidation: true });
  const stack = new TerraformStack(app, "dev");
  for (const [index, store] of stores.entries()) {
    const one = typeof store === "function" ? store(stack) : store;
    SecureOAuthClient.fromClientId(stack, `c${index}`, { clientId: CLIENT_ID, stores: [one] });
  }
  app.synth();
  const assets = join(app.outdir, "stacks", "dev", "assets");
  return readdirSync(assets, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("genesys-secret.cjs"))
    .map((name) => join(assets, name, ".."))[0] as string;
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const names = (...schemes: string[]): string[] =>
  [...new Set([...PARTS.apply, ...schemes.flatMap((scheme) => PARTS.stores[scheme])])].sort();

describe("what travels with a stack", () => {
  test.each([
    ["file", SecretStore.file("./orders.json")],
    ["vault", SecretStore.vault({ mount: "secret", path: "orders" })],
  ])("for %s: is under 270 kB", (scheme, store) => {
    const folder = shipped(store);
    expect(readdirSync(folder).sort()).toEqual(names(scheme));
    expect(bytesIn(folder)).toBeLessThan(270_000);
  });

  test("is what its clients' stores need together, and nothing of the others", () => {
    const [file, vault] = [
      SecretStore.file("./a.json"),
      SecretStore.vault({ mount: "secret", path: "orders" }),
    ];
    expect(readdirSync(shipped(file, vault)).sort()).toEqual(names("file", "vault"));
  });

  test("is all of it where a store is known only to Terraform, unless its scheme is known", () => {
    const variable = (stack: TerraformStack) =>
      new TerraformVariable(stack, "store", { type: "string" }).stringValue;
    const all = names(...Object.keys(PARTS.stores));
    expect(readdirSync(shipped((stack) => SecretStore.fromUri(variable(stack)))).sort()).toEqual(all);
    const vault = (stack: TerraformStack) => SecretStore.vault({ mount: "kv", path: variable(stack) });
    expect(readdirSync(shipped(vault)).sort()).toEqual(names("vault"));
  });
});

describe("each part is whole", () => {
  test.each(Object.keys(PARTS.stores))("%s: every import of its files, and of theirs, is there", (scheme) => {
    const there = names(scheme);
    for (const name of there.filter((file) => file.endsWith(".mjs"))) {
      const text = readFileSync(join(FOLDER, name), "utf8");
      const imported = [...text.matchAll(/(?:from|import)"\.\/([\w.-]+)"/g)].map(([, file]) => file);
      expect([name, imported.filter((file) => !there.includes(file as string))]).toEqual([name, []]);
    }
  });

  test("each comes with its licenses", () => {
    const text = (scheme: string) =>
      names(scheme)
        .filter((name) => name.startsWith("LICENSES"))
        .map((name) => readFileSync(join(FOLDER, name), "utf8"))
        .join("\n");
    expect(text("file")).toMatch(/^got /m);
    expect(text("file")).toMatch(/^proper-lockfile /m);
    expect(text("file")).not.toMatch(/^@aws-sdk/m);
    expect(text("aws-ssm")).toMatch(/^@aws-sdk\/client-ssm /m);
    expect(readFileSync(join(FOLDER, "LICENSES-commands.txt"), "utf8")).toMatch(/^yauzl /m);
  });
});

describe("the program that travels with a stack", () => {
  const run = (folder: string, args: string[], environment: Record<string, string> = {}) =>
    runProgram(args, environment, root, join(folder, "genesys-secret.cjs"));

  test("rotates into its store, and names what it lacks before it touches anything", async () => {
    const sandbox = await startSandbox();
    try {
      const { id, secret } = sandbox.addClient({ name: "orders" });
      const folder = shipped(SecretStore.file("./orders.json"));
      const regenerate = ["regenerate", "--client-id", id, "--store"];

      const lacking = await run(folder, [...regenerate, "aws-ssm:/orders"], sandbox.environment);
      expect(lacking.code).toBe(2);
      expect(lacking.stderr).toContain("The store aws-ssm: is not in this copy of genesys-secret");
      expect(lacking.stderr).toMatch(/Secret:\s+not changed/);
      expect(sandbox.accepts(id, secret)).toBe(true);

      const done = await run(folder, [...regenerate, "file:./orders.json"], sandbox.environment);
      expect(done.code).toBe(0);
      const { client_secret } = JSON.parse(readFileSync(join(root, "orders.json"), "utf8"));
      expect(sandbox.accepts(id, client_secret)).toBe(true);
    } finally {
      await sandbox.close();
    }
  });

  test.each([
    ["The command audit", ["audit", "."]],
    ["The command sandbox", ["sandbox"]],
    ["The command doctor", ["doctor", "--store", "file:./a.json"]],
    ["--env-file", ["remove", "--client-id", "a", "--store", "file:./a.json", "--env-file", "/dev/null"]],
  ])("%s is for the command of the package", async (what, args) => {
    const { code, stderr } = await run(shipped(SecretStore.file("./orders.json")), args);
    expect(code).toBe(2);
    expect(stderr).toContain(`${what} is not in this copy of genesys-secret`);
    expect(stderr).toContain("npx -p cdktf-genesyscloud-secure-oauth-client genesys-secret");
  });
});
