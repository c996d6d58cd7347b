import { existsSync } from "node:fs";
import { files, oneClient } from "../../helpers/one-client";

const one = oneClient();

test("remove takes the file away when nothing of others is in it", async () => {
  await one.storeIn("a.json");
  expect(await one.run(["remove", "--client-id", one.id, ...files("a.json")])).toMatchObject({ code: 0 });
  expect(existsSync(one.path("a.json"))).toBe(false);
});
