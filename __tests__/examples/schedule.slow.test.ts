import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { Project } from "../../sandbox/demo/project";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { blocksOf } from "../docs/pages";
import { INSTALLED, walkThrough } from "../docs/walk-through";
import { testUnlessMissing } from "../helpers/engines";
import { findLeaks } from "../helpers/leaks";
import { runProgram } from "../helpers/program";
import { missingTools } from "../helpers/tools";
import { runJob, workflowScripts } from "./ci/job";

const SCHEDULE = join(__dirname, "../../examples/schedule");

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), "schedule-"));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing that opens a door is in the text. */
function expectDiscreet(text: string): void {
  const secrets = [
    sandbox.admin.clientSecret,
    ...sandbox.everySecretEver().map(({ secret }) => secret),
    ...sandbox.everyTokenEver(),
  ];
  expect(findLeaks(text, secrets)).toEqual([]);
}

test("GitHub Actions: the job rotates what is due, with the admin out of a store, and then nothing", async () => {
  const { id } = sandbox.addClient({ name: "Terraform-Managed-CI-Client" });
  const { clientId, clientSecret } = sandbox.admin;
  writeFileSync(
    join(folder, "admin.json"),
    JSON.stringify({ client_id: clientId, client_secret: clientSecret }),
  );
  const scripts = workflowScripts("../schedule/github-actions.yml", {
    GENESYS_ADMIN_STORE: `file:${join(folder, "admin.json")}`,
    GENESYSCLOUD_REGION: "us-east-1",
  });
  expect(scripts.map(({ title }) => title)).toEqual(["Install", "Synthesize", "Rotate what is due"]);
  const gateway = Object.entries(sandbox.environment).filter(([name]) => name.includes("GATEWAY"));
  const project = new Project({});
  try {
    const runner = {
      home: folder,
      cwd: project.folder,
      environment: project.environment(Object.fromEntries(gateway)),
    };
    const log = await runJob(scripts, runner);
    expect(log).toContain("1  regenerated");
    const { client_id, client_secret } = project.storedDocument();
    expect([client_id, sandbox.accepts(id, client_secret)]).toEqual([id, true]);
    const again = await runJob(scripts, runner);
    expect(again).toContain("1  not due");
    expect(sandbox.accepts(id, client_secret)).toBe(true);
    expectDiscreet(log + again);
  } finally {
    project.remove();
  }
});

describe("Kubernetes", () => {
  const documents = parseAllDocuments(readFileSync(join(SCHEDULE, "kubernetes-cronjob.yaml"), "utf8"));
  const [cronJob, account] = documents.map((document) => document.toJS());
  const pod = cronJob.spec.jobTemplate.spec.template.spec;
  const [container] = pod.containers;

  test("the YAML is well formed, and its parts fit together", () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(cronJob).toMatchObject({
      apiVersion: "batch/v1",
      kind: "CronJob",
      spec: { schedule: expect.stringMatching(/^(\S+ ){4}\S+$/), concurrencyPolicy: "Forbid" },
    });
    expect(account).toMatchObject({ kind: "ServiceAccount", metadata: { name: pod.serviceAccountName } });
    const [mount] = container.volumeMounts;
    expect(pod.volumes.map(({ name }: { name: string }) => name)).toEqual([mount.name]);
    expect(container.args).toContain(`${mount.mountPath}/genesys-secret.manifest.json`);
    expect(container.image).toBe(
      `genesys-secret:${/VERSION=(\S+)/.exec(readFileSync(join(SCHEDULE, "Dockerfile"), "utf8"))?.[1]}`,
    );
  });

  test("what the container runs rotates what is due, and leaves nothing beside the manifest", async () => {
    const { id } = sandbox.addClient({ name: "orders" });
    const volume = join(folder, "etc");
    mkdirSync(volume);
    const stores = [`file:${join(folder, "orders.json")}`];
    const manifest = { version: 1, clients: [{ name: "orders", stores, rotation: "version:1" }] };
    writeFileSync(join(volume, "genesys-secret.manifest.json"), JSON.stringify(manifest));
    chmodSync(volume, 0o500);
    const [mount] = container.volumeMounts;
    const args = container.args.map((word: string) => word.replace(mount.mountPath, volume));
    // The Secret gives the admin, the container the region.
    const fixed = Object.fromEntries(
      container.env.map(({ name, value }: Record<string, string>) => [name, value]),
    );
    const environment = { ...sandbox.environment, ...fixed };
    const first = await runProgram(args, environment, volume);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("1  regenerated") });
    const { client_secret } = JSON.parse(readFileSync(join(folder, "orders.json"), "utf8"));
    expect(sandbox.accepts(id, client_secret)).toBe(true);
    const second = await runProgram(args, environment, volume);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining("1  not due") });
    expect(readdirSync(volume)).toEqual(["genesys-secret.manifest.json"]);
    expectDiscreet(first.stdout + first.stderr + second.stdout + second.stderr);
  });
});

testUnlessMissing(
  missingTools("curl"),
  "HCP Terraform: the page's request starts a run, and its token is in no argument",
  async () => {
    const page = "examples/schedule/hcp-terraform.md";
    const seen: { method?: string; url?: string; authorization?: string; type?: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const { authorization, "content-type": type } = request.headers;
        seen.push({ method: request.method, url: request.url, authorization, type, body });
        response.writeHead(seen.length > 1 ? 401 : 201).end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const json = blocksOf(page).find(({ language }) => language === "json")?.text as string;
      writeFileSync(join(folder, "run.json"), json.replace("ws-REPLACE-ME", "ws-1234"));
      const environment = {
        TFE_ADDRESS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        TFE_TOKEN: "a-token-of-the-team",
      };
      await walkThrough(page, folder, environment, INSTALLED);
      expect(seen).toMatchObject([
        {
          method: "POST",
          url: "/api/v2/runs",
          authorization: "Bearer a-token-of-the-team",
          type: "application/vnd.api+json",
        },
      ]);
      expect(JSON.parse(seen[0]?.body as string).data).toMatchObject({
        type: "runs",
        attributes: { "auto-apply": true },
        relationships: { workspace: { data: { type: "workspaces", id: "ws-1234" } } },
      });
      // Refused, the line fails, and cron tells.
      await expect(walkThrough(page, folder, environment, INSTALLED)).rejects.toThrow(/401/);
    } finally {
      server.close();
    }
  },
);
