import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { MANIFEST_FILE } from "../../scripts/fleet/manifest-format";
import { PROGRAM, runProgram } from "../helpers/program";
import { VaultFixture } from "../helpers/vault/fixture";
import { blocksOf, PAGES, pageText, ROOT } from "./pages";
import { INSTALLED, type Shims, walkThrough } from "./walk-through";

jest.setTimeout(120_000);

const FILE = "file:./orders.json";
const VAULT = "vault:secret/genesys/orders";

/** What the pages' commands meet: other people's programs, which are asked for nothing but to be there. */
const SHIMS: Shims = {
  ...INSTALLED,
  "genesys-secret": `exec node -- ${PROGRAM} "$@"`,
  pbcopy: "cat >/dev/null",
  gh: "cat >/dev/null",
  terraform: '[ "$*" = "state pull" ] && cat terraform.tfstate',
};

let sandbox: Sandbox;
let vault: VaultFixture;
let folder: string;
let environment: Record<string, string>;

/** A project whose client has a secret in both stores, as the pages take it for granted. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  sandbox = await startSandbox();
  vault = await VaultFixture.open();
  const { id } = sandbox.addClient({ name: "orders-service" });
  environment = { ...sandbox.environment, ...vault.environment, ID: id, GH_TOKEN: "x" };
  const argv = ["regenerate", "--client-id", id, "--store", FILE, "--store", VAULT];
  expect(await runProgram(argv, environment, folder)).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "app.js"), "console.log('the app runs');\n");
  writeFileSync(join(folder, "terraform.tfstate"), '{ "version": 4, "resources": [] }\n');
  writeFileSync(join(folder, "terraform.tfstate.backup"), '{ "version": 4, "resources": [] }\n');
  writeFileSync(join(folder, "plan.tfplan"), "");
  mkdirSync(join(folder, "logs"));
  const stack = join(folder, "cdktf.out/stacks/prod");
  mkdirSync(stack, { recursive: true });
  const clients = [{ clientId: id, stores: [VAULT], rotation: "version:2" }];
  writeFileSync(join(stack, MANIFEST_FILE), JSON.stringify({ version: 1, clients }));
  const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "ignore" });
  git("init");
  git("add", "app.js");
  git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-m", "x");
});

afterEach(async () => {
  await vault.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const blocks = ["README.md", "docs/audit.md"].flatMap((page) =>
  blocksOf(page)
    .filter(({ language, text }) => language === "sh" && /genesys-secret [a-z]/.test(text))
    .map(({ line }) => [page, line] as const),
);

test("there are such pages", () => {
  expect(blocks.length).toBeGreaterThan(4);
});

test.each(blocks)("%s, line %i: its commands do what they say", async (page, line) => {
  const audits = blocksOf(page).some((block) => block.line === line && block.text.includes(" audit "));
  // A store in the folder that is audited would be found, as it should.
  if (audits) rmSync(join(folder, "orders.json"));
  await walkThrough(page, folder, environment, SHIMS, (block) => block.line === line);
});

test("the scripts that the pages name are there", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const named = PAGES.flatMap((page) =>
    [...pageText(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name as string),
  );
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(scripts).toHaveProperty([name]);
});

test("the README's first screen says what this is, why it is safe, and the two commands", () => {
  const screen = pageText("README.md").split("\n").slice(0, 40).join("\n");
  expect(screen).toContain("Terraform manages your Genesys Cloud OAuth clients");
  expect(screen).toContain("nowhere else: not in the state");
  expect(screen).toContain("npm ci && npm run demo");
  expect(screen).toContain("npm ci && npm test");
});
