import { describeDefect } from "../../../scripts/core/defect";

describe("describeDefect", () => {
  const fault = (stack?: string, code?: string): Error =>
    Object.assign(new RangeError("s3cret"), { stack }, code === undefined ? {} : { code });

  test("gives the kind, the code and four places, never the message", () => {
    const places = [1, 2, 3, 4, 5].map((n) => `    at f${n} (/a/b.ts:1${n}:2${n})`);
    expect(describeDefect(fault(["RangeError: s3cret", ...places].join("\n"), "EIO"))).toBe(
      "RangeError EIO at f1 (/a/b.ts:11:21) at f2 (/a/b.ts:12:22) at f3 (/a/b.ts:13:23) at f4 (/a/b.ts:14:24)",
    );
  });

  test("takes a place without a function's name", () => {
    expect(describeDefect(fault("x\n    at /a/b.ts:1:2"))).toBe("RangeError at /a/b.ts:1:2");
  });

  test.each([
    ["a message of several lines that looks like one", "RangeError: s3cret\ns3cret at /a/b.ts:1:2"],
    ["a line that goes on", "x\n    at /a/b.ts:1:2 s3cret"],
    ["a line without a blank before it", "x\nat /a/b.ts:1:2"],
    ["no stack", undefined],
  ])("leaves out %s", (_, stack) => {
    expect(describeDefect(fault(stack))).toBe("RangeError");
  });

  test("says no more than the type of what is no error", () => {
    expect(describeDefect("s3cret")).toBe("a thrown string");
  });
});
