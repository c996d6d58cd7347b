import { Token } from "cdktf";
import { Duration } from "../../constructs";

test.each([
  [Duration.seconds(0), 0],
  [Duration.seconds(90), 90],
  [Duration.minutes(1.5), 90],
  [Duration.hours(2), 7_200],
  [Duration.days(450), 38_880_000],
])("the duration %s has so many seconds", (duration, seconds) => {
  expect(duration.toSeconds()).toBe(seconds);
  expect(String(duration)).toBe(`${seconds} s`);
});

test.each([
  [-1, "-1"],
  [0.5, "0.5"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  ["60" as unknown as number, '"60"'],
])("%p seconds are refused", (amount, got) => {
  expect(() => Duration.seconds(amount)).toThrow(
    `Duration.seconds() must make a whole number of seconds from 0, got ${got}.`,
  );
});

test("a token passes as seconds only", () => {
  const token = Token.asNumber("$" + "{var.seconds}");
  expect(Duration.seconds(token).toSeconds()).toBe(token);
  expect(() => Duration.hours(token)).toThrow(
    "Duration.hours() takes no token: give it in seconds with Duration.seconds().",
  );
});
