import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, Fleet } from "../../helpers/fleet";

let fleet: Fleet;
afterEach(() => fleet.end());

/** A fleet of one client, whose store holds the valid secret of another one. */
async function occupied(): Promise<{ id: string; other: string; path: string }> {
  fleet = await Fleet.start();
  const { ids } = fleet.clients(1);
  const other = fleet.sandbox.addClient({ name: "billing" });
  const path = join(fleet.folder, "stack", "service-0.json");
  const document = { client_id: other.id, client_secret: other.secret, region: "us-east-1" };
  writeFileSync(path, JSON.stringify(document), { mode: 0o600 });
  return { id: ids[0] as string, other: other.id, path };
}

test.each([
  ["rotate", []],
  ["rotate --due", ["--due"]],
  ["rotate --dry-run", ["--dry-run"]],
])("%s does not replace the valid secret of another client, and says which and how", async (_, flags) => {
  const { id, other, path } = await occupied();
  fleet.write([entry("service-0")]);
  const before = readFileSync(path, "utf8");
  const result = await fleet.rotate([...flags, "--json"]);
  expect(result.code).toBe(8);
  expect(result.stdout).toContain("ERR_STORE_FOREIGN");
  expect(result.stdout).toContain(`run the same command again with --take-over ${other}`);
  expect(readFileSync(path, "utf8")).toBe(before);
  expect(fleet.rotations(id)).toBe(0);
});

test("rotate --take-over replaces it, and so does the takeOver of the stack", async () => {
  const { id, other } = await occupied();
  fleet.write([entry("service-0")]);
  expect(await fleet.rotate(["--take-over", other])).toMatchObject({ code: 0 });
  expect(fleet.isLive(id, "service-0")).toBe(true);
  await fleet.end();
  const again = await occupied();
  fleet.write([entry("service-0", { takeOver: again.other })]);
  expect(await fleet.rotate()).toMatchObject({ code: 0 });
  expect(fleet.isLive(again.id, "service-0")).toBe(true);
});
