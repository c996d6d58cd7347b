import { existsSync, readFileSync } from "node:fs";
import { findLeaks } from "../../helpers/leaks";
import { files, oneClient } from "../../helpers/one-client";
import { startProgram } from "../../helpers/program";

const one = oneClient();

describe("run", () => {
  const printEnvironment = ["--", process.execPath, "-p", "JSON.stringify(process.env)"];

  test("gives the command the client's credentials, and none of the admin or of a store", async () => {
    await one.storeIn("a.json");
    const result = await one.run(["run", ...files("a.json"), ...printEnvironment], {
      GENESYS_CLOUD_CLIENT_SECRET: one.sandbox.admin.clientSecret,
      GENESYS_CLOUD_CLIENT_ID: one.sandbox.admin.clientId,
      VAULT_TOKEN: "a-vault-token",
      AWS_SECRET_ACCESS_KEY: "an-aws-key",
      OTHER: "kept",
    });
    expect(result.code).toBe(0);
    const environment = JSON.parse(result.stdout);
    expect(environment).toMatchObject({
      GENESYSCLOUD_OAUTHCLIENT_ID: one.id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: one.sandbox.liveSecret(one.id),
      GENESYSCLOUD_REGION: "us-east-1",
      OTHER: "kept",
    });
    expect(findLeaks(result.stdout, [one.sandbox.admin.clientSecret, "a-vault-token", "an-aws-key"])).toEqual(
      [],
    );
  });

  test("gives them under other names, and passes a store's credential on by name", async () => {
    await one.storeIn("a.json");
    const names = [
      "--id-variable",
      "APP_ID",
      "--secret-variable",
      "APP_SECRET",
      "--region-variable",
      "APP_REGION",
    ];
    const result = await one.run(
      ["run", ...files("a.json"), ...names, "--pass-env", "VAULT_TOKEN", ...printEnvironment],
      {
        VAULT_TOKEN: "a-vault-token",
      },
    );
    const environment = JSON.parse(result.stdout);
    expect(environment).toMatchObject({
      APP_ID: one.id,
      APP_SECRET: one.sandbox.liveSecret(one.id),
      APP_REGION: "us-east-1",
    });
    expect(environment.VAULT_TOKEN).toBe("a-vault-token");
    expect(environment.GENESYSCLOUD_OAUTHCLIENT_SECRET).toBeUndefined();
  });

  test("holds the secret in neither its own environment nor its arguments while the command runs", async () => {
    await one.storeIn("a.json");
    const wait = ["--", process.execPath, "-e", "console.log('up'); setTimeout(() => {}, 60000)"];
    const { child, result } = startProgram(
      ["run", ...files("a.json"), ...wait],
      { ...one.sandbox.environment },
      one.folder,
    );
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    for (const file of ["environ", "cmdline"]) {
      const own = existsSync("/proc") ? readFileSync(`/proc/${child.pid}/${file}`) : "";
      expect(findLeaks(own, [one.sandbox.liveSecret(one.id)])).toEqual([]);
    }
    child.kill("SIGTERM");
    expect(await result).toMatchObject({ code: 143 });
  });

  test.each([
    ["the command's exit code", ["--", "sh", "-c", "exit 7"], 7],
    ["arguments that look like flags of its own", ["--", "sh", "-c", "test $0 = --json", "--json"], 0],
    ["125 for a command that is not there", ["--", "no-such-command"], 125],
  ])("passes on %s", async (_, argv, code) => {
    await one.storeIn("a.json");
    expect(await one.run(["run", ...files("a.json"), ...argv])).toMatchObject({ code });
  });

  test("ends with 125 when no store has the secret; the next one is asked when the first has not", async () => {
    expect(await one.run(["run", ...files("none.json"), "--", process.execPath, "-e", ""])).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(
        /none\.json holds no secret of the client.*\n.*\n.*Look with: genesys-secret doctor --store file:\.\/none\.json\n/,
      ),
    });
    await one.storeIn("a.json");
    expect(
      await one.run(["run", ...files("none.json", "a.json"), "--", process.execPath, "-e", ""]),
    ).toMatchObject({ code: 0 });
  });
});
