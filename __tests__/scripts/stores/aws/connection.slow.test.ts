import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";

const URI = "aws-ssm:/genesys/orders?create=true";
const ACTIONS = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);

describeUnlessMissing(missingMoto, "when the AWS stores connect", () => {
  let moto: Moto;
  let rotation: MotoRotation;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, ACTIONS);
  });

  afterEach(() => rotation.close());

  const regenerate = (environment: Record<string, string>, ...args: string[]): Promise<ProgramResult> =>
    rotation.run(["regenerate", "--client-id", rotation.client.id, "--store", URI, ...args], environment);

  /** A file below the HOME of the program. */
  function file(path: string, text: string, mode = 0o600): string {
    const whole = join(rotation.folder, path);
    mkdirSync(join(whole, ".."), { recursive: true });
    writeFileSync(whole, text);
    chmodSync(whole, mode);
    return whole;
  }

  const regions = (): Set<string> => new Set(rotation.aws.calls.map(({ region }) => region));
  const WITHOUT_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

  test.each([
    ["no credentials", WITHOUT_KEYS, "there are no usable AWS credentials", "Set AWS_PROFILE, or"],
    ["no region", { AWS_REGION: "" }, "there is no AWS region", "the option region, AWS_REGION, or"],
    ["a profile that is not there", { AWS_PROFILE: "nobody" }, "no usable AWS credentials", "AWS_PROFILE"],
    [
      "plain http to elsewhere",
      { AWS_ENDPOINT_URL: "http://aws.example" },
      "its endpoint is plain http to another machine",
      "then run again",
    ],
    [
      "an endpoint that is not there",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      "it cannot be reached (ECONNREFUSED)",
      "Make AWS reachable",
    ],
  ])("they end a run with 6 for %s", async (_title, environment, message, remedy) => {
    const result = await regenerate(environment as Record<string, string>);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
    expect(result.stderr).toContain(remedy);
    expect(rotation.regenerations).toBe(0);
    expect(rotation.aws.calls).toEqual([]);
  });

  test("the option region goes before AWS_REGION, which goes before AWS_DEFAULT_REGION", async () => {
    const store = ["--store", "aws-ssm:/genesys/other?create=true&region=eu-west-1"];
    const result = await regenerate({ AWS_DEFAULT_REGION: "eu-north-1" }, ...store);
    expect(result).toMatchObject({ code: 0 });
    expect(regions()).toEqual(new Set(["us-east-1", "eu-west-1"]));
    rotation.aws.calls.length = 0;
    expect((await regenerate({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-1" })).code).toBe(0);
    expect(regions()).toEqual(new Set(["us-east-1"]));
  });

  test("they take a role by the identity token of a CI job", async () => {
    const token = file("token", "header.payload.signature");
    // Moto knows no policies of such a role: this is about the credentials only.
    await moto.reset();
    const args = ["regenerate", "--client-id", rotation.client.id, "--store", URI];
    const result = await rotation.runBare(args, {
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: rotation.gate.origin,
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/rotator",
    });
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(rotation.aws.calls[0]).toMatchObject({ operation: "AssumeRoleWithWebIdentity" });
  });

  test("they take a profile whose credentials a program gives, and keep the admin's from it", async () => {
    const { id, secret } = rotation.key;
    const seen = join(rotation.folder, "seen");
    const answer = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
    const script = file("give.sh", `#!/bin/sh\nenv > '${seen}'\necho '${answer}'\n`, 0o700);
    file(".aws/config", `[profile ci]\nregion = us-east-1\ncredential_process = ${script}\n`);
    const args = ["regenerate", "--client-id", rotation.client.id, "--store", URI];
    const result = await rotation.runBare(args, {
      AWS_PROFILE: "ci",
      AWS_ENDPOINT_URL: rotation.gate.origin,
    });
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(existsSync(seen)).toBe(true);
    expect(readFileSync(seen, "utf8")).not.toContain(rotation.sandbox.admin.clientSecret);
    expect(readFileSync(seen, "utf8")).not.toContain("GENESYSCLOUD_OAUTHCLIENT_ID");
  });

  test.each([
    ["is used", "", ["ssm.eu-west-1.amazonaws.com:443"]],
    ["is not used for what NO_PROXY names", "invalid", []],
  ])("HTTPS_PROXY %s", async (_title, domain, expected) => {
    const asked: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(String(request.url));
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      const result = await regenerate({
        // A name that never resolves: nothing of this test leaves the machine.
        AWS_ENDPOINT_URL: domain ? `https://ssm.aws.${domain}` : "",
        AWS_REGION: "eu-west-1",
        HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        NO_PROXY: domain ? `.${domain}` : "",
      });
      expect(result.code).toBe(6);
      expect([...new Set(asked)]).toEqual(expected);
    } finally {
      proxy.close();
    }
  });

  test("an answer that never comes is not waited for: another try is made", async () => {
    rotation.aws.plan({ operation: "GetParameter", instead: () => new Promise(() => {}) });
    expect(await regenerate({})).toMatchObject({ code: 0 });
  });
});
