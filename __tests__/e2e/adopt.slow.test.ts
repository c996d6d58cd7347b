import { spawn } from "node:child_process";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { PROGRAM } from "../helpers/program";

const STORE = 'SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")';

/** Logs in with one secret, over and over, as a service does that was never told of another one. */
class Consumer {
  logins = 0;
  failures = 0;
  readonly #origin: string;
  readonly #basic: string;
  #going = true;
  #ended: Promise<void>;

  constructor(origin: string, id: string, secret: string) {
    this.#origin = origin;
    this.#basic = Buffer.from(`${id}:${secret}`).toString("base64");
    this.#ended = this.#go();
  }

  async #go(): Promise<void> {
    while (this.#going) {
      const { status } = await fetch(`${this.#origin}/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${this.#basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      this.logins += 1;
      if (status !== 200) this.failures += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async end(): Promise<void> {
    this.#going = false;
    await this.#ended;
  }
}

describeWithEngine("a client whose secret is in use", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
  });
  afterAll(() => deployment?.close());

  async function adopt(id: string, secret: string): Promise<number | null> {
    const store = `file:${deployment.project.storePath}`;
    const child = spawn(process.execPath, ["--", PROGRAM, "adopt", "--client-id", id, "--store", store], {
      env: deployment.project.environment({}),
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.stdin.end(secret);
    return new Promise((resolve) => child.on("close", resolve));
  }

  test("is imported with its secret: whoever logs in all the time is never refused, and nothing is rotated", async () => {
    const { id, secret } = deployment.sandbox.addClient({ name: "billing" });
    const consumer = new Consumer(deployment.sandbox.origin, id, secret);
    const stack = (version: string): string =>
      `const billing = new SecureOAuthClient(stack, "billing", {
         name: "billing", rotation: Rotation.version("${version}"), stores: [${STORE}],
       });
       billing.client.importFrom("${id}");`;
    try {
      expect(await adopt(id, secret)).toBe(0);
      await deployment.synthClients(stack("1"));
      expect(await deployment.init()).toMatchObject({ code: 0 });
      const applied = await deployment.apply();
      expect(applied.output).toContain("1 imported, 1 added");
      expect(applied.output).toContain("the secret was adopted, which counts as this rotation");
      expect(applied.code).toBe(0);
      const plan = ["plan", "-detailed-exitcode", "-input=false"];
      expect(await deployment.engine(plan)).toMatchObject({ code: 0 });
    } finally {
      await consumer.end();
    }
    expect(consumer.failures).toBe(0);
    expect(consumer.logins).toBeGreaterThan(10);
    expect(deployment.regenerations()).toBe(0);
    expect(deployment.project.storedDocument()).toMatchObject({
      client_secret: secret,
      rotation: "version:1",
    });
    // The consumer would have noticed a rotation: the next one refuses it.
    const later = new Consumer(deployment.sandbox.origin, id, secret);
    await deployment.synthClients(stack("2"));
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.regenerations()).toBe(1);
    while (later.failures === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await later.end();
    expect(leaksOf(deployment).leaks).toEqual([]);
  });
});
