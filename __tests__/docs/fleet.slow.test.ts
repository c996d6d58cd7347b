import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Project } from "../../sandbox/demo/project";
import { startSandbox } from "../../sandbox/org";
import { readManifests } from "../../scripts/fleet/manifest";
import { blocksOf, pageText, ROOT } from "./pages";
import { INSTALLED, walkThrough } from "./walk-through";

const PAGE = "docs/fleet.md";

test("docs/fleet.md works word for word: a synth, a dry run, and what is due", async () => {
  const sandbox = await startSandbox();
  const project = new Project({});
  try {
    const { id } = sandbox.addClient({ name: "Terraform-Managed-CI-Client" });
    const environment = project.environment({ ...sandbox.environment }) as Record<string, string>;
    // The figures take minutes, and are another command's job.
    const npm = '[ "$1 $2" = "run torture:fleet" ]';
    const output = await walkThrough(PAGE, project.folder, environment, { ...INSTALLED, npm });
    expect(output).toContain("1  would regenerate");
    expect(output).toContain("1  regenerated");
    expect(sandbox.accepts(id, project.storedDocument().client_secret)).toBe(true);
    expect(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts).toHaveProperty(
      "torture:fleet",
    );
  } finally {
    await sandbox.close();
    project.remove();
  }
});

test("the manifest in docs/fleet.md is one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleet-page-"));
  try {
    const json = blocksOf(PAGE).find(({ language }) => language === "json")?.text as string;
    writeFileSync(join(folder, "manifest.json"), json);
    const [client] = await readManifests([join(folder, "manifest.json")]);
    expect(client).toMatchObject({ name: "orders-service", rotation: "version:1" });
    // Its schedule in the table, too.
    const [, schedule] = /"(every [^"]+)"/.exec(pageText(PAGE)) as unknown as [string, string];
    const { rotation, ...rest } = JSON.parse(json).clients[0];
    writeFileSync(
      join(folder, "manifest.json"),
      JSON.stringify({ version: 1, clients: [{ ...rest, schedule }] }),
    );
    expect((await readManifests([join(folder, "manifest.json")]))[0]?.rotation).toEqual({
      period: 30 * 86_400,
      start: Date.UTC(2026, 0) / 1000,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
