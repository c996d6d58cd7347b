import { existsSync } from "node:fs";
import { files, OneClient } from "../../helpers/one-client";

let one: OneClient;
beforeEach(async () => {
  one = await OneClient.start();
});
afterEach(() => one.end());

test("remove takes the file away when nothing of others is in it", async () => {
  await one.regenerate("a.json");
  expect(await one.program(["remove", "--client-id", one.id, ...files("a.json")])).toMatchObject({ code: 0 });
  expect(existsSync(one.path("a.json"))).toBe(false);
});
