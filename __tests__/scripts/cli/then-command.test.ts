import { existsSync, readFileSync } from "node:fs";
import { findLeaks } from "../../helpers/leaks";
import { files, oneClient } from "../../helpers/one-client";

const one = oneClient();

describe("--then", () => {
  const then = (code: string): string[] => ["--then", JSON.stringify([process.execPath, "-e", code])];
  const args = (): string[] => ["regenerate", "--client-id", one.id, ...files("a.json")];

  test("runs afterwards, with neither the secret nor a credential in its environment", async () => {
    const write = `require("node:fs").writeFileSync("then.json", JSON.stringify(process.env))`;
    expect(
      await one.run([...args(), ...then(write)], {
        VAULT_TOKEN: "a-vault-token",
        KUBECONFIG: "/home/me/.kube/config",
      }),
    ).toMatchObject({
      code: 0,
    });
    const environment = readFileSync(one.path("then.json"), "utf8");
    expect(JSON.parse(environment).KUBECONFIG).toBe("/home/me/.kube/config");
    const secrets = [
      ...one.sandbox.everySecretEver().map(({ secret }) => secret),
      ...one.sandbox.everyTokenEver(),
      "a-vault-token",
    ];
    expect(findLeaks(environment, secrets)).toEqual([]);
  });

  test("gives a warning when the command fails: the rotation is done", async () => {
    const result = await one.run([...args(), ...then("process.exit(3)")]);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("ended with 3") });
  });

  test("does not run when nothing was replaced", async () => {
    const write = then(`require("node:fs").writeFileSync("then.json", "")`);
    await one.run([...args(), ...write, "--dry-run"]);
    await one.run([...args(), ...write, "--client-id", "unknown"]);
    expect(existsSync(one.path("then.json"))).toBe(false);
  });

  test("must be a JSON array of strings", async () => {
    const result = await one.run([...args(), "--then", "systemctl restart orders"]);
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--then must be a command as a JSON array"),
    });
    expect(one.sandbox.journal).toEqual([]);
  });
});
