import { formatFileUri } from "../../../scripts/stores/file/grammar";
import { SCHEMES } from "../../../scripts/stores/schemes";
import { refusalUnderTerraform } from "../../../scripts/stores/traits";
import { parseStoreUri } from "../../../scripts/stores/uri";

describe("what fits the grammar", () => {
  test.each([
    ["file:/abs/orders.json", "/abs/orders.json"],
    ["file:~/orders.json", "~/orders.json"],
    ["file:./orders.json", "./orders.json"],
    ["file:../orders.json", "../orders.json"],
    ["  file:./orders.json ", "./orders.json"],
    ["file:./with%20space%3F.json", "./with space?.json"],
    ["file:./with space.json", "./with space.json"],
    ["stdout:", ""],
  ])("is decided for %s", (text, target) => {
    expect(parseStoreUri(text)).toMatchObject({ target });
  });

  test("a command keeps its argv, question marks and brackets included", () => {
    const uri = parseStoreUri('command:["put","--if","a?b]c"]?timeout=5&env=GH_TOKEN');
    expect(uri.target).toEqual(["put", "--if", "a?b]c"]);
    expect([...uri.options]).toEqual([
      ["timeout", "5"],
      ["env", "GH_TOKEN"],
    ]);
    expect(uri.text).toBe('command:["put","--if","a?b]c"]?env=GH_TOKEN&timeout=5');
  });

  test.each(["file:./a b%25.json", 'command:["a", "b"]?timeout=3', "stdout:"])(
    "the canonical text of %s is its own canonical text",
    (text) => {
      const canonical = parseStoreUri(text).text;
      expect(parseStoreUri(canonical).text).toBe(canonical);
    },
  );

  test("a path survives being made a URI and read again", () => {
    const path = "/odd/100% sure?#.json";
    expect(parseStoreUri(formatFileUri(path)).target).toBe(path);
  });
});

describe("what does not fit says why", () => {
  test.each([
    ["", "it has no scheme"],
    ["orders.json", "it has no scheme"],
    ["ftp:/x", "its scheme is unknown; known are file, "],
    ["__proto__:x", "its scheme is unknown"],
    ["constructor:x", "its scheme is unknown"],
    ["file:orders.json", 'must start with "/", "~/" or "./"'],
    ["file:./folder/", "names a folder"],
    ["file:./a%ZZ", "percent-encoding is broken"],
    ["file:./a%00", "percent-encoding is broken"],
    ["file:./a\nb", "control character"],
    ["file:./a?mode=644", 'option "mode" is unknown; file: has none'],
    ["stdout:x", "nothing may follow the colon"],
    ["command:gh", "not JSON"],
    ["command:[]", "JSON array of strings"],
    ['command:[" "]', "first word is empty"],
    ['command:["a",1]', "JSON array of strings"],
    ['command:["a"]?shell=1', "known are env, output, timeout"],
    ['command:["a"]?timeout=1&timeout=2', "given twice"],
    ['command:["a"]?__proto__=1', '"__proto__" is unknown'],
  ])("is decided for %j", (text, reason) => {
    expect(() => parseStoreUri(text)).toThrow(reason);
  });
});

test("what prints, or lives only in a CI job, is refused under Terraform", () => {
  const refused = Object.entries(SCHEMES).filter(([, row]) => "refusedUnderTerraform" in row);
  expect(refused.map(([scheme]) => scheme).sort()).toEqual(["github-env", "stdout"]);
  expect(refusalUnderTerraform(parseStoreUri("stdout:"))).toContain("Terraform prefixes each line");
  expect(refusalUnderTerraform(parseStoreUri("file:./x"))).toBeUndefined();
});
