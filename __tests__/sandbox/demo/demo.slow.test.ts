import { describeWithEngine } from "../../helpers/engines";
import { DemoRun } from "./demo-run";

describeWithEngine("the demo with an engine", ({ binary, name, version }) => {
  let demo: DemoRun;
  beforeEach(() => {
    demo = new DemoRun();
  });
  afterEach(() => demo.remove());

  const environment = { TERRAFORM_BINARY_NAME: binary };

  test("tells the whole story, and leaves nothing behind", async () => {
    const { code, output } = await demo.run(environment);
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
    expect({ code, left: demo.leftFiles(), running: demo.leftProcesses() }).toEqual({
      code: 0,
      left: [],
      running: [],
    });
  });

  test.each([
    ["while it looks for providers", (soFar: string) => soFar.includes("No account is used")],
    ["while cdktf starts", (soFar: string) => soFar.includes("> cdktf deploy: creates")],
    ["while the app is synthesized", () => demo.leftProcesses().some((argv) => argv.includes("main.ts"))],
    ["while the program runs", (soFar: string) => soFar.includes("Signing in to Genesys Cloud")],
    ["between two deployments", (soFar: string) => soFar.includes("> cdktf deploy again")],
  ])("cleans up when interrupted %s", (_, isMoment) => demo.expectCleanup(environment, isMoment));
});
