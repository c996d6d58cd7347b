import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Replacement } from "../../../scripts/stores/replacement";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "genesys-secret-replacement-"));
  folder = join(root, "folder");
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("is put in place whole, and leaves nothing beside it", async () => {
  writeFileSync(join(folder, "a.json"), "old");
  const replacement = await Replacement.open(join(folder, "a.json"));
  await replacement.reserve(4096);
  await replacement.commit((file) => file.write("new", 0));
  expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

// As a folder that a mount makes read-only in between: the open file takes the secret, and cannot be removed.
test("that can neither be put in place nor removed holds nothing any more", async () => {
  const replacement = await Replacement.open(join(folder, "a.json"));
  await replacement.reserve(4096);
  renameSync(folder, join(root, "elsewhere"));
  await expect(replacement.commit((file) => file.write("the secret", 0))).rejects.toThrow("ENOENT");
  await replacement.drop();
  expect(readFileSync(join(root, "elsewhere/a.json.genesys-secret.tmp"), "utf8")).toBe("");
});
