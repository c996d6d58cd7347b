import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findCommand, foldersOf, foldersWithout, linkCommands } from "../../tools/command-folder";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "command-folder-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function folderWith(name: string, ...commands: string[]): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const command of commands) {
    writeFileSync(join(folder, command), "#!/bin/sh\n");
    chmodSync(join(folder, command), 0o755);
  }
  return folder;
}

test("a command that is hidden is found nowhere, and its neighbours still are", () => {
  const [system, other] = [folderWith("system", "node", "git"), folderWith("other", "terraform")];
  const folders = foldersWithout(["node"], [system, other], join(root, "shadows"));
  const found = ["node", "git", "terraform"].map((name) => findCommand(name, folders) !== undefined);
  expect(found).toEqual([false, true, true]);
  expect(folders[1]).toBe(other);
});

test("a folder of links has the commands that are there, and says which", () => {
  const folder = join(root, "links");
  expect(linkCommands(["git", "curl"], [folderWith("system", "git", "node")], folder)).toEqual(["git"]);
  expect(readdirSync(folder)).toEqual(["git"]);
});

test("a PATH is read without a package's own commands, folders that are missing, and second names", () => {
  const system = folderWith("system");
  symlinkSync(system, join(root, "second-name"));
  const path = [folderWith("x/node_modules/.bin"), system, join(root, "none"), "", join(root, "second-name")];
  expect(foldersOf(path.join(delimiter))).toHaveLength(1);
});
