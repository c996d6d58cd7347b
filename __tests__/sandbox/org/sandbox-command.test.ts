import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { startSandbox } from "../../../sandbox/org";

// The command as users get it: bundled, in a process of its own.
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-command-"));
  await build({
    stdin: {
      contents: `import { sandbox } from "./scripts/cli/sandbox";
        sandbox([], JSON.parse(process.argv[2])).then((code) => { process.exitCode = code; }).catch((e) => { console.error(e.message); process.exitCode = e.exitCode; });`,
      resolveDir: join(__dirname, "../../.."),
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: join(folder, "sandbox.mjs"),
    logLevel: "error",
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

function start(options: object): ChildProcess {
  return spawn(process.execPath, [join(folder, "sandbox.mjs"), JSON.stringify(options)]);
}

async function firstOutput(child: ChildProcess): Promise<string> {
  return String((await once(child.stdout as NodeJS.ReadableStream, "data"))[0]);
}

const get = async (origin: string) => (await fetch(`${origin}/sandbox/requests`)).status;

test.each(["SIGINT", "SIGTERM"] as const)("prints what to export, and ends well on %s", async (signal) => {
  const child = start({});
  const exited = once(child, "exit");
  const lines = (await firstOutput(child)).trimEnd().split("\n");
  const exported = Object.fromEntries(
    lines.map((line) => /^export (\w+)=([\w.-]+)$/.exec(line)?.slice(1) ?? [line, undefined]),
  );
  expect(Object.keys(exported)).toEqual([
    "GENESYSCLOUD_OAUTHCLIENT_ID",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET",
    "GENESYSCLOUD_REGION",
    "GENESYSCLOUD_GATEWAY_HOST",
    "GENESYSCLOUD_GATEWAY_PORT",
    "GENESYSCLOUD_GATEWAY_PROTOCOL",
  ]);
  expect(await get(`http://127.0.0.1:${exported.GENESYSCLOUD_GATEWAY_PORT}`)).toBe(200);
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
});

test("says which client it starts with, so that the reader knows what to type", async () => {
  const child = start({ json: true });
  const exited = once(child, "exit");
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const { clients } = JSON.parse(await firstOutput(child));
  const { id } = clients.find(({ name }: { name: string }) => name === "orders-service");
  child.kill();
  expect(await exited).toEqual([0, null]);
  expect(said).toContain(`It starts with the OAuth client orders-service, id ${id}.`);
});

test("--json is one document", async () => {
  const child = start({ json: true });
  const exited = once(child, "exit");
  const { origin, admin, environment } = JSON.parse(await firstOutput(child));
  expect(environment.GENESYSCLOUD_OAUTHCLIENT_SECRET).toBe(admin.clientSecret);
  expect(await get(origin)).toBe(200);
  child.kill();
  expect(await exited).toEqual([0, null]);
});

test("a port that is taken is an error of usage", async () => {
  const other = await startSandbox();
  const child = start({ port: other.port });
  const [message] = await once(child.stderr as NodeJS.ReadableStream, "data");
  expect(String(message)).toContain(`port ${other.port}`);
  expect(await once(child, "exit")).toEqual([2, null]);
  await other.close();
});
