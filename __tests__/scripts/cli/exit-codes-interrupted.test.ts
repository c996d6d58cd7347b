import { readdirSync } from "node:fs";
import { oneClient, SECRET_CALL } from "../../helpers/one-client";
import { MODES } from "./exit-codes";

describe.each(MODES)("regenerate, %s,", (_, extra) => {
  const one = oneClient({ environment: () => extra });

  describe.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 143],
  ] as const)("ends on %s with %i", (signal, code) => {
    test("before the call with nothing changed", async () => {
      one.sandbox.fault({ path: `/api/v2/oauth/clients/${one.id}`, delayMs: 20_000 });
      const { child, result } = one.start(["regenerate", ...one.target]);
      one.sandbox.onRequest(({ path }) => {
        if (path.endsWith(one.id)) child.kill(signal);
      });
      const ended = await result;
      expect(ended).toMatchObject({
        code,
        stderr: expect.stringContaining("Interrupted before the secret was touched"),
      });
      one.expectDiscreet(ended);
      expect(one.attempted()).toBe(0);
      expect(readdirSync(one.folder)).toEqual([]);
    });

    test("after the call when the secret is stored and verified", async () => {
      const { child, result } = one.start(["regenerate", ...one.target]);
      one.sandbox.onRequest(async ({ path }) => {
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
      one.expectDiscreet(ended);
      expect(one.accepted()).toBe(1);
      expect(one.accepts(one.stored())).toBe(true);
    });
  });
});
