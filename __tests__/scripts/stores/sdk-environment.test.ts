import { execFileSync } from "node:child_process";
import { withoutAdmin } from "../../../scripts/stores/sdk-environment";

const NAME = "GENESYSCLOUD_OAUTHCLIENT_SECRET";
const context = { credentialVariables: { admin: [NAME], stores: [] } };

/** Whether a child that a library starts now, with the environment as it is, has the admin's secret. */
function childHasIt(): boolean {
  const asked = ["-p", `"${NAME}" in process.env`];
  return execFileSync(process.execPath, asked, { encoding: "utf8", env: process.env }) === "true\n";
}

afterEach(() => delete process.env[NAME]);

test("the tools of two stores at the same time start without the admin's secret, and it is back afterwards", async () => {
  process.env[NAME] = "an-admin-secret";
  expect(childHasIt()).toBe(true);
  let endFirst = (): void => {};
  const first = withoutAdmin(context, () => new Promise<void>((resolve) => (endFirst = resolve)));
  const second = withoutAdmin(context, async () => {
    endFirst();
    await first;
    return childHasIt();
  });
  expect(await second).toBe(false);
  expect(process.env[NAME]).toBe("an-admin-secret");
});

test("it is back, too, when the work fails", async () => {
  process.env[NAME] = "an-admin-secret";
  await expect(withoutAdmin(context, () => Promise.reject(new Error("no token")))).rejects.toThrow(
    "no token",
  );
  expect(childHasIt()).toBe(true);
});
