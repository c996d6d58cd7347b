import { readdirSync } from "node:fs";
import { startProgram } from "../../helpers/program";
import {
  accepted,
  attempted,
  expectDiscreet,
  folder,
  id,
  MODES,
  SECRET_CALL,
  sandbox,
  start,
  stored,
  target,
} from "../../helpers/regeneration";

describe.each(MODES)("interrupted: exit codes of regenerate, %s", (_, extra) => {
  describe.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 143],
  ] as const)("%s: %i", (signal, code) => {
    test("before the call: not changed", async () => {
      await start();
      sandbox.fault({ path: `/api/v2/oauth/clients/${id}`, delayMs: 20_000 });
      const { child, result } = startProgram(
        ["regenerate", ...target()],
        { ...sandbox.environment, ...extra },
        folder,
      );
      sandbox.onRequest(({ path }) => {
        if (path.endsWith(id)) child.kill(signal);
      });
      const ended = await result;
      expect(ended).toMatchObject({
        code,
        stderr: expect.stringContaining("Interrupted before the secret was touched"),
      });
      expectDiscreet(ended);
      expect(attempted()).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    });

    test("after the call: stored and verified first", async () => {
      await start();
      const { child, result } = startProgram(
        ["regenerate", ...target()],
        { ...sandbox.environment, ...extra },
        folder,
      );
      sandbox.onRequest(async ({ path }) => {
        if (!SECRET_CALL.test(path)) return;
        child.kill(signal);
        child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 200));
      });
      const ended = await result;
      expect(ended).toMatchObject({
        code,
        stderr: expect.stringContaining("the secret is stored and logs in"),
      });
      expectDiscreet(ended);
      expect(accepted()).toBe(1);
      expect(sandbox.accepts(id, stored())).toBe(true);
    });
  });
});
