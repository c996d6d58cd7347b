import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithEngine } from "../../helpers/engines";

const ROOT = join(__dirname, "../../..");
const { demo } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  mkdirSync(join(folder, "tmp"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs what `npm run demo` runs.
 * @param isMoment looked at again and again with the output so far; when it first holds the demo gets a SIGINT
 */
function runDemo(
  environment: NodeJS.ProcessEnv,
  isMoment: (output: string) => boolean = () => false,
): Promise<Ended> {
  const env = { ...process.env, TMPDIR: join(folder, "tmp"), ...environment };
  const [program, ...args] = demo.split(" ");
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const watch = setInterval(() => {
    if (!isMoment(output)) return;
    clearInterval(watch);
    child.kill("SIGINT");
  }, 20);
  return new Promise((resolve) =>
    child.on("close", (code) => {
      clearInterval(watch);
      resolve({ code, output });
    }),
  );
}

/** What the demo left in the temporary folder; the cache of the TypeScript loader is not of its making. */
function leftFiles(): string[] {
  return readdirSync(join(folder, "tmp")).filter((name) => !name.startsWith("tsx-"));
}

/** Command lines of processes that still have this test's temporary folder in their environment. */
function leftProcesses(): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && read(pid, "environ").includes(folder))
    .map((pid) => read(pid, "cmdline"));
}

test("with no engine it shows the synthesis and the program, says what is missing, and exits 0", async () => {
  // Only Node.js, under its own name: cdktf starts the app with it.
  symlinkSync(process.execPath, join(folder, "node"));
  const { code, output } = await runDemo({ PATH: `${folder}:/bin`, TERRAFORM_BINARY_NAME: "no-such-engine" });
  expect(output).toContain("Neither terraform nor tofu is on the PATH");
  expect(output).toContain("developer.hashicorp.com/terraform/install");
  expect(output).toContain("yes  the app synthesizes");
  expect(output).toContain("yes  the secret in the store logs in");
  expect(output).not.toMatch(/^ {2}NO /m);
  expect({ code, left: leftFiles() }).toEqual({ code: 0, left: [] });
});

describeWithEngine("the demo with an engine", ({ binary, name, version }) => {
  const environment = { TERRAFORM_BINARY_NAME: binary };

  test("tells the whole story, and leaves nothing behind", async () => {
    const { code, output } = await runDemo(environment);
    expect(output).toContain(`Engine: ${name} ${version}. Providers: hashicorp/null: the`);
    const proofs = output.slice(output.indexOf("What was proved:")).trim().split("\n").slice(1);
    expect(proofs).toEqual([
      "  yes  the client exists: Terraform-Managed-CI-Client",
      "  yes  the secret it was born with is dead",
      "  yes  the secret in the store logs in",
      "  yes  a second apply changes nothing",
      "  yes  a new rotation version rotates, and kills the secret before it",
      expect.stringMatching(
        /^ {2}yes {2}no secret in any file but the store \(\d+ files, [\d.]+ MB searched\), nor in/,
      ),
      "  yes  audit finds the secret that expose_client_secret left in a state, alive; it shows no part of it",
      "  yes  audit --kill kills it, and the store holds a new one that logs in",
      "  yes  a second audit says dead",
    ]);
    expect({ code, left: leftFiles(), running: leftProcesses() }).toEqual({ code: 0, left: [], running: [] });
  });

  test.each([
    ["while it looks for providers", (soFar: string) => soFar.includes("No account is used")],
    ["while cdktf starts", (soFar: string) => soFar.includes("> cdktf deploy: creates")],
    ["while the app is synthesized", () => leftProcesses().some((argv) => argv.includes("main.ts"))],
    ["while the program runs", (soFar: string) => soFar.includes("Signing in to Genesys Cloud")],
    ["between two deployments", (soFar: string) => soFar.includes("> cdktf deploy again")],
  ])("cleans up when interrupted %s", async (_, isMoment) => {
    const { code, output } = await runDemo(environment, isMoment);
    expect(output).toContain("Interrupted: ending what runs and cleaning up.");
    expect(output).not.toContain("What was proved");
    expect({ code, left: leftFiles(), running: leftProcesses() }).toEqual({
      code: 130,
      left: [],
      running: [],
    });
  });
});
