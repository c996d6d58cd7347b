import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "../../../sandbox/demo/project";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { chooseProviders } from "../../../sandbox/providers/choose";
import { INSTALLED } from "../../docs/walk-through";
import { describeUnlessMissing, describeWithEngine } from "../../helpers/engines";
import { findLeaks } from "../../helpers/leaks";
import { PROGRAM } from "../../helpers/program";
import { findTool, missingTools } from "../../helpers/tools";
import { actionScripts, CI, gitlabScript, runJob, type Script, workflowScripts } from "./job";

const GITLAB = "gitlab/genesys-secret.gitlab-ci.yml";

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), "ci-templates-"));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A runner with nothing set, in the test's folder. */
const here = () => ({ home: folder, cwd: folder, environment: {} });

function everySecret(): string[] {
  return [
    sandbox.admin.clientSecret,
    ...sandbox.everySecretEver().map(({ secret }) => secret),
    ...sandbox.everyTokenEver(),
  ];
}

/** The admin client as a document in a store, which is where the deploying jobs take it from. */
function storeAdmin(): string {
  const { clientId, clientSecret } = sandbox.admin;
  const document = { client_id: clientId, client_secret: clientSecret, region: "us-east-1" };
  writeFileSync(join(folder, "admin.json"), JSON.stringify(document), { mode: 0o600 });
  return `file:${join(folder, "admin.json")}`;
}

/** The sandbox's address, without its admin: that comes out of the store. */
function gateway(): Record<string, string> {
  const entries = Object.entries({ ...sandbox.environment });
  return Object.fromEntries(entries.filter(([name]) => !name.includes("OAUTHCLIENT")));
}

const ACTIONLINT = findTool("actionlint");
const missing =
  ACTIONLINT === undefined
    ? "actionlint on PATH (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)"
    : undefined;

describeUnlessMissing(missing, "actionlint", () => {
  test.each([
    "examples/ci/github/workflows/*.yml",
    ".github/workflows/*.yml",
    "examples/schedule/github-actions.yml",
  ])("has nothing against %s", (pattern) => {
    const { status, stdout, stderr } = spawnSync(`${ACTIONLINT} ${pattern}`, {
      cwd: join(CI, "../.."),
      shell: true,
      encoding: "utf8",
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  });

  test("sees a fault", () => {
    const text = readFileSync(join(CI, "github/workflows/synth.yml"), "utf8");
    writeFileSync(join(folder, "bad.yml"), text.replace("pull_request:", "pull_requset:"));
    expect(spawnSync(ACTIONLINT as string, [join(folder, "bad.yml")]).status).toBe(1);
  });
});

describeUnlessMissing(missingTools("sed"), "the action", () => {
  test("hands on each line as one argument, whatever it holds", async () => {
    const { id } = sandbox.addClient({ name: "orders; touch hacked" });
    const store = "file:./a file.json";
    const words = ["regenerate", "--client-name", "orders; touch hacked", "", "--store", store];
    const npm = `while [ "$1" != genesys-secret ]; do shift; done; shift; exec node -- ${PROGRAM} "$@"`;
    const [script] = actionScripts("github/action.yml", { arguments: words.join("\n"), version: "1.0.0" });
    const log = await runJob([script as Script], {
      home: folder,
      cwd: folder,
      environment: sandbox.environment,
      shims: { npm },
    });
    const { client_id, client_secret } = JSON.parse(readFileSync(join(folder, "a file.json"), "utf8"));
    expect(client_id).toBe(id);
    expect(sandbox.accepts(id, client_secret)).toBe(true);
    expect(existsSync(join(folder, "hacked"))).toBe(false);
    expect(findLeaks(log, everySecret())).toEqual([]);
  });
});

describe("audit", () => {
  test("finds what was committed, masks it, and leaves a SARIF file to upload", async () => {
    const { id, secret } = sandbox.addClient({ name: "orders" });
    writeFileSync(join(folder, "secrets.txt"), `client_id=${id}\nclient_secret=${secret}\n`);
    spawnSync(
      "sh",
      ["-c", "git init -q . && git add secrets.txt && git -c user.name=a -c user.email=a@b commit -qm x"],
      {
        cwd: folder,
      },
    );
    const log = await runJob(workflowScripts("github/workflows/audit.yml", {}), here());
    const sarif = readFileSync(join(folder, "genesys.sarif"), "utf8");
    expect(JSON.parse(sarif).runs[0].results.length).toBeGreaterThan(0);
    expect(findLeaks(log + sarif, [secret])).toEqual([]);
    // GitLab shows no SARIF: there the job fails.
    await expect(runJob([gitlabScript(GITLAB, "genesys audit")], here())).rejects.toThrow("ended with 10");
  });
});

describe("a project", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project({});
  });
  afterEach(() => project.remove());

  test.each([
    ["GitHub", () => workflowScripts("github/workflows/synth.yml", {})],
    ["GitLab", () => [gitlabScript(GITLAB, "genesys synth")]],
  ])("synthesizes on %s, with no account", async (_, scripts) => {
    await runJob(scripts(), { ...here(), cwd: project.folder });
    expect(existsSync(join(project.stackFolder, "cdk.tf.json"))).toBe(true);
  });

  describeWithEngine("deploys", (engine) => {
    test.each([
      [
        "GitHub",
        (store: string) => workflowScripts("github/workflows/deploy.yml", { GENESYS_ADMIN_STORE: store }),
      ],
      ["GitLab", () => [gitlabScript(GITLAB, "genesys deploy")]],
    ])("from %s, the admin out of a store; the log holds no secret", async (_, scripts) => {
      const store = storeAdmin();
      const environment = project.environment(gateway());
      const providers = await chooseProviders(engine, environment, {
        ...environment,
        ...sandbox.environment,
      });
      try {
        // No registry is in reach of the tests: CDKTF's own locking step would fail.
        const npx = (INSTALLED.npx as string).replace('cdktf "$@"', 'cdktf "$@" --skip-provider-lock');
        const log = await runJob(scripts(store), {
          home: folder,
          cwd: project.folder,
          environment: {
            ...environment,
            ...providers.environment,
            GENESYS_ADMIN_STORE: store,
            TERRAFORM_BINARY_NAME: engine.binary,
          },
          shims: { ...INSTALLED, npx },
        });
        const { client_id, client_secret } = project.storedDocument();
        expect(sandbox.accepts(client_id, client_secret)).toBe(true);
        expect(findLeaks(log, everySecret())).toEqual([]);
      } finally {
        await providers.close();
      }
    });
  });
});
