import { Duration, SecretStore } from "../../constructs";

describe("file", () => {
  test.each([
    ["./secrets/a.json", "file:./secrets/a.json"],
    ["secrets/a.json", "file:./secrets/a.json"],
    ["../a.json", "file:../a.json"],
    ["/etc/a.json", "file:/etc/a.json"],
    ["~/a.json", "file:~/a.json"],
    ["C:/a.json", "file:C:/a.json"],
    ["./a b?c#d%e.json", "file:./a%20b%3Fc%23d%25e.json"],
  ])("the path %s becomes %s", (path, uri) => {
    expect(SecretStore.file(path).uri).toBe(uri);
    expect(String(SecretStore.file(path))).toBe(uri);
  });
  test.each(["", "./secrets/"])("%j is refused", (path) => {
    expect(() => SecretStore.file(path)).toThrow("is not valid");
  });
});

describe("command", () => {
  test("is its argv, and the options that are set", () => {
    expect(SecretStore.command(["gh", "secret", "set", "A B"]).uri).toBe(
      'command:["gh","secret","set","A B"]',
    );
    expect(
      SecretStore.command(["gh"], {
        env: ["GH_TOKEN", "HOME"],
        showOutput: true,
        timeout: Duration.minutes(2),
      }).uri,
    ).toBe('command:["gh"]?env=GH_TOKEN%2CHOME&output=show&timeout=120');
    expect(SecretStore.command(["gh"], { env: [], showOutput: false }).uri).toBe('command:["gh"]');
  });
  test.each([[[]], [[""]], [[" ", "a"]]])("%j is refused", (argv) => {
    expect(() => SecretStore.command(argv)).toThrow("is not valid");
  });
  test.each([1, 600])("a timeout of %d s is fine", (seconds) => {
    expect(SecretStore.command(["gh"], { timeout: Duration.seconds(seconds) }).uri).toContain(
      `timeout=${seconds}`,
    );
  });
  test.each([0, 601])("a timeout of %d s is refused", (seconds) => {
    expect(() => SecretStore.command(["gh"], { timeout: Duration.seconds(seconds) })).toThrow(
      `SecretStore.command() must have a timeout of 1 to 600 seconds, got ${seconds} s.`,
    );
  });
});

describe("fromUri", () => {
  test("gives the canonical form", () => {
    expect(SecretStore.fromUri(' command:["gh", "x"]?timeout=5&env=A ').uri).toBe(
      'command:["gh","x"]?env=A&timeout=5',
    );
  });
  test.each(["", "orders.json", "ftp:/a", "file:orders.json", "file:./a?mode=1", "command:gh"])(
    "%j is refused",
    (uri) => {
      expect(() => SecretStore.fromUri(uri)).toThrow(/^The store URI ".*" is not valid: /);
    },
  );
  test("an unknown scheme is told which are known", () => {
    expect(() => SecretStore.fromUri("ftp:/a")).toThrow(/its scheme is unknown; known are file, /);
  });
  test("the error carries no advice for the command line", () => {
    expect.assertions(1);
    try {
      SecretStore.fromUri("ftp:/a");
    } catch (error) {
      expect(Object.keys(error as object)).toEqual([]);
    }
  });
  test("standard output is refused, with the reason", () => {
    expect(() => SecretStore.fromUri("stdout:")).toThrow(
      "The store stdout: cannot be used in a stack: Terraform prefixes each line a local-exec prints and shows it on the terminal.",
    );
  });
});
