import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { encodings } from "../../../sandbox/sweep/encodings";
import { findSecrets, sweepFolders } from "../../../sandbox/sweep/sweep";

// Characters that every encoding changes.
const SECRET = 'a+b/c"d\\e f&ü-0123456789-abcdefghij';

/** The smallest zip archive with one compressed member, laid out as in a plan file. */
function zipOf(name: string, text: string): Buffer {
  const data = deflateRawSync(text);
  const field = (offset: number, value: number, header: Buffer): number =>
    value > 0xffff ? header.writeUInt32LE(value, offset) : header.writeUInt16LE(value, offset);
  const local = Buffer.alloc(30);
  local.write("PK\u0003\u0004", "latin1");
  field(8, 8, local);
  field(18, data.length, local);
  field(26, name.length, local);
  const central = Buffer.alloc(46);
  central.write("PK\u0001\u0002", "latin1");
  field(10, 8, central);
  field(20, data.length, central);
  field(28, name.length, central);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name)]);
}

describe("a planted secret is found", () => {
  test.each([...encodings(SECRET).keys()])("%s", (name) => {
    const form = encodings(SECRET).get(name) as string;
    expect(findSecrets(`before ${form} after`, [SECRET])).toContain(`secret 0, ${name}`);
  });

  test.each([0, 1, 2, 3, 4, 5])("inside a longer base64 text, %i bytes in", (bytes) => {
    const text = Buffer.from(`${"x".repeat(bytes)}${SECRET} and more`).toString("base64");
    expect(findSecrets(text, [SECRET])).not.toEqual([]);
  });
});

describe("in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sweep-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("in a file deep down, in a gzip file and in a zip's compressed member", () => {
    mkdirSync(join(folder, "a/.hidden"), { recursive: true });
    writeFileSync(join(folder, "a/.hidden/plain"), `x${SECRET}x`);
    writeFileSync(join(folder, "log.gz"), gzipSync(`${"x".repeat(5000)}${SECRET}`));
    writeFileSync(join(folder, "plan"), zipOf("tfplan", `${"y".repeat(5000)}${SECRET}`));
    const { files, findings } = sweepFolders([folder], [SECRET]);
    expect(files).toBe(3);
    expect(findings).toEqual(
      ["a/.hidden/plain", "log.gz", "plan"].map((name) => expect.stringContaining(`${name}: secret 0, raw`)),
    );
  });

  test("nothing in a clean one", () => {
    writeFileSync(join(folder, "clean"), "nothing to see");
    expect(sweepFolders([folder], [SECRET])).toEqual({ files: 1, bytes: 14, findings: [] });
  });
});
