import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROGRAM } from "../../helpers/program";
import { writeBigState } from "../audit/big-state";

const BYTES = 300e6;
const PLANTED = 20;
const MOST_RESIDENT_KB = 150 * 1024;

test("a state of 300 MB is searched in constant memory, and all 20 secrets in it are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-big-"));
  try {
    const secrets = writeBigState(join(folder, "terraform.tfstate"), BYTES, PLANTED);
    // The bundle in a process that notes, at its end, the most memory it ever had. Linux counts in maxRSS what the
    // parent had when it started the process, too: a test runner has more than the program.
    const wrapper = join(folder, "wrapper.cjs");
    const bundle = JSON.stringify(join(dirname(PROGRAM), "genesys-secret.mjs"));
    writeFileSync(
      wrapper,
      `const fs = require("node:fs");
       const own = () => /^VmHWM:\\s+(\\d+) kB$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1];
       const most = () => (process.platform === "linux" ? own() : String(process.resourceUsage().maxRSS));
       process.on("exit", () => fs.writeFileSync("memory", most()));
       import(${bundle});`,
    );
    const args = [wrapper, "audit", "--json", "terraform.tfstate"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env.PATH },
      encoding: "utf8",
      maxBuffer: 16 * 1024 * 1024,
    });
    expect({ status, stderr }).toEqual({ status: 10, stderr: "" });
    const { leaks, unread, bytes } = JSON.parse(stdout);
    expect(leaks.map(({ places }: { places: { what: string }[] }) => places.map(({ what }) => what))).toEqual(
      secrets.map((_, index) => [`genesyscloud_oauth_client.client_${index + 1}, client_secret`]),
    );
    expect(unread).toEqual([]);
    expect(bytes).toBeGreaterThan(BYTES);
    expect(Number(readFileSync(join(folder, "memory"), "utf8"))).toBeLessThan(MOST_RESIDENT_KB);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
