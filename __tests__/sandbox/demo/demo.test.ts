import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { DemoRun } from "./demo-run";

let demo: DemoRun;
beforeEach(() => {
  demo = new DemoRun();
});
afterEach(() => demo.remove());

test("with no engine it shows the synthesis and the program, says what is missing, and exits 0", async () => {
  // Only Node.js, under its own name: cdktf starts the app with it.
  symlinkSync(process.execPath, join(demo.folder, "node"));
  const { code, output } = await demo.run({
    PATH: `${demo.folder}:/bin`,
    TERRAFORM_BINARY_NAME: "no-such-engine",
  });
  expect(output).toContain("Neither terraform nor tofu is on the PATH");
  expect(output).toContain("developer.hashicorp.com/terraform/install");
  expect(output).toContain("yes  the app synthesizes");
  expect(output).toContain("yes  the secret in the store logs in");
  expect(output).not.toMatch(/^ {2}NO /m);
  expect({ code, left: demo.leftFiles() }).toEqual({ code: 0, left: [] });
});
