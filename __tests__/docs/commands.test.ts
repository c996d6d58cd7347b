import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { PROGRAM, runProgram } from "../helpers/program";
import { VaultFixture } from "../helpers/vault/fixture";
import { type Block, blocksOf, PAGES, pageText, ROOT } from "./pages";
import { type Shims, walkThrough } from "./walk-through";

const FILE = "file:./orders.json";
const VAULT = "vault:secret/genesys/orders";

/** What the page's commands meet: the package installed for all, and a Terraform that has a state. */
const SHIMS: Shims = {
  "genesys-secret": `exec node -- ${PROGRAM} "$@"`,
  terraform: '[ "$*" = "state pull" ] && cat terraform.tfstate',
};

let sandbox: Sandbox;
let vault: VaultFixture;
let folder: string;
let environment: Record<string, string>;

/** A project whose client has a secret in both stores, as the page takes it for granted. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  sandbox = await startSandbox();
  vault = await VaultFixture.open();
  const { id } = sandbox.addClient({ name: "orders-service" });
  environment = { ...sandbox.environment, ...vault.environment, ID: id };
  const argv = ["regenerate", "--client-id", id, "--store", FILE, "--store", VAULT];
  expect(await runProgram(argv, environment, folder)).toMatchObject({ code: 0 });
  writeFileSync(join(folder, "app.js"), "console.log('the app runs');\n");
  writeFileSync(join(folder, "terraform.tfstate"), '{ "version": 4, "resources": [] }\n');
  writeFileSync(join(folder, "terraform.tfstate.backup"), '{ "version": 4, "resources": [] }\n');
  writeFileSync(join(folder, "plan.tfplan"), "");
  mkdirSync(join(folder, "logs"));
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

test("docs/audit.md: its commands do what they say", async () => {
  // A store in the folder that is audited would be found, as it should.
  rmSync(join(folder, "orders.json"));
  const isCommand = ({ language, text }: Block) => language === "sh" && /genesys-secret [a-z]/.test(text);
  expect(blocksOf("docs/audit.md").filter(isCommand)).toHaveLength(1);
  await walkThrough("docs/audit.md", folder, environment, SHIMS, isCommand);
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
