import { Token } from "cdktf";
import { Duration, Rotation, SecureOAuthClient } from "../../constructs";
import { type Document, newStack, someStore, synth, template } from "./synth";

test("the default rotates only with the client", () => {
  expect(Rotation.onClientChange().id).toBe("on-client-change");
});

describe("version", () => {
  test.each(["1", "2026-07", "v 1", "ä", "a".repeat(128)])("%j is fine", (version) => {
    expect(Rotation.version(version).id).toBe(`version:${version}`);
  });
  test.each([
    ["", '""'],
    ["a".repeat(129), `"${"a".repeat(129)}"`],
    ["a\nb", '"a\\nb"'],
    ["a\tb", '"a\\tb"'],
    ["\u0000", '"\\u0000"'],
    ["a\u2028b", '"a\\u2028b"'],
    ["a\u202eb", '"a\\u202eb"'],
    [undefined, "undefined"],
    [null, "null"],
    [1, "1"],
    [1n, "a bigint"],
  ])("%p is refused", (version, got) => {
    expect(() => Rotation.version(version as string)).toThrow(
      `Rotation.version() must be a string of 1 to 128 printable characters, got ${got}.`,
    );
  });
});

describe("every", () => {
  const start = "2026-01-01T00:00:00Z";

  test("says its schedule, the same however it is written", () => {
    const text = "every 30 days from 2026-01-01T00:00:00Z";
    const one = Rotation.every(Duration.days(30), { startingAt: start });
    const same = Rotation.every(Duration.hours(720), { startingAt: "2026-01-01T02:00+02:00" });
    expect([one.id, same.id]).toEqual([text, text]);
    expect(one.schedule).toEqual({ period: 30 * 86_400, start: Date.parse(start) / 1000 });
  });

  test("begins on Mondays by default", () => {
    expect(Rotation.every(Duration.days(7)).id).toBe("every 7 days from 1970-01-05T00:00:00Z");
    expect(Rotation.every(Duration.days(7), {}).id).toBe("every 7 days from 1970-01-05T00:00:00Z");
  });

  test.each([Duration.hours(1), Duration.days(3_653)])("%s is fine", (period) => {
    expect(Rotation.every(period).schedule?.period).toBe(period.toSeconds());
  });

  test.each<[string, unknown]>([
    ["3599 s", Duration.seconds(3_599)],
    ["0 s", Duration.seconds(0)],
    ["315619201 s", Duration.seconds(3_653 * 86_400 + 1)],
    ["", Duration.seconds(Token.asNumber(template("var.seconds")))],
    ["30", 30],
    ["undefined", undefined],
  ])("a period of %j is refused", (got, period) => {
    expect(() => Rotation.every(period as Duration)).toThrow(
      `Rotation.every() must get a Duration of 1 hour to 3,653 days that is known at synth, got ${got}`,
    );
  });

  test.each(["2026-01-01", "2026-02-30T00:00:00Z", template("var.start"), "", null, 0, new Date(0)])(
    "a start of %j is refused",
    (startingAt) => {
      const options = { startingAt: startingAt as string };
      expect(() => Rotation.every(Duration.days(30), options)).toThrow(
        "Rotation.every(): startingAt must be a time from 1970 on, in ISO 8601 with its offset, such as " +
          `"2026-01-01T00:00:00Z", got ${JSON.stringify(startingAt)}.`,
      );
    },
  );

  test("lets Terraform find the slot; the program is told what Terraform compares", () => {
    const stack = newStack();
    const rotation = Rotation.every(Duration.days(30), { startingAt: start });
    for (const id of ["one", "two"]) {
      new SecureOAuthClient(stack, id, { name: id, stores: [someStore()], rotation });
    }
    const document = synth(stack);
    const [clock, ...others] = Object.keys(document.locals);
    expect(others).toEqual([]);
    const id = `every 30 days from ${start}, slot ${template(
      `max(0, floor((local.${clock} - 1767225600) / 2592000) + 1)`,
    )}`;
    const resources = Object.values<Document>(document.resource.null_resource);
    expect(resources.map(({ triggers }) => triggers.rotation)).toEqual([id, id]);
    expect(
      resources.map(({ provisioner }) => provisioner[0]["local-exec"].environment.SECRET_ROTATION),
    ).toEqual([id, id]);
  });

  test("costs a stack nothing that has none", () => {
    const stack = newStack();
    new SecureOAuthClient(stack, "one", { name: "one", stores: [someStore()] });
    expect(synth(stack).locals).toBeUndefined();
  });
});
