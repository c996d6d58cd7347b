import {
  DEFAULT_START,
  formatSchedule,
  isDoneOutside,
  outsideTerraform,
  parseMoment,
  parseSchedule,
  slotAt,
} from "../../../scripts/core/schedule";

const DAY = 86_400;
const seconds = (text: string): number => Date.parse(text) / 1000;
const monthly = { period: 30 * DAY, start: seconds("2026-01-01T00:00:00Z") };

describe("a slot", () => {
  test.each([
    ["2025-12-31T23:59:59.999Z", 0, undefined],
    ["2026-01-01T00:00:00.000Z", 1, "2026-01-01T00:00:00.000Z"],
    ["2026-01-30T23:59:59.999Z", 1, "2026-01-01T00:00:00.000Z"],
    ["2026-01-31T00:00:00.000Z", 2, "2026-01-31T00:00:00.000Z"],
    ["2026-12-27T00:00:00.000Z", 13, "2026-12-27T00:00:00.000Z"],
  ])("at %s is %d", (moment, number, startsAt) => {
    const slot = slotAt(monthly, new Date(moment));
    expect(slot).toEqual({
      number,
      id: `every 30 days from 2026-01-01T00:00:00Z, slot ${number}`,
      startsAt: startsAt === undefined ? undefined : new Date(startsAt),
    });
  });

  test("of a week begins on Mondays by default", () => {
    const weekly = { period: 7 * DAY, start: seconds(DEFAULT_START) };
    for (const day of [12, 15, 18]) {
      expect(slotAt(weekly, new Date(Date.UTC(2026, 0, day, 11))).startsAt?.toUTCString()).toBe(
        "Mon, 12 Jan 2026 00:00:00 GMT",
      );
    }
  });
});

describe("a schedule as a text", () => {
  test.each([
    [{ period: DAY, start: 0 }, "every 1 day from 1970-01-01T00:00:00Z"],
    [{ period: 36 * 3_600, start: 0 }, "every 36 hours from 1970-01-01T00:00:00Z"],
    [{ period: 5_400, start: 0 }, "every 90 minutes from 1970-01-01T00:00:00Z"],
    [{ period: 3_601, start: 1 }, "every 3601 seconds from 1970-01-01T00:00:01Z"],
    [monthly, "every 30 days from 2026-01-01T00:00:00Z"],
  ])("%j is %j, and back", (schedule, text) => {
    expect(formatSchedule(schedule)).toBe(text);
    expect(parseSchedule(text)).toEqual(schedule);
  });

  test.each([
    "",
    "version:1",
    "every 0 days from 2026-01-01T00:00:00Z",
    "every 1 days from 2026-01-01T00:00:00Z",
    "every 24 hours from 2026-01-01T00:00:00Z",
    "every 30 days from 2026-01-01T01:00:00+01:00",
    "every 30 days from 2026-01-01T00:00:00Z, slot 1",
    "every 30 days from yesterday",
  ])("%j is none", (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});

describe("a moment", () => {
  test.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T01:30:00+01:30", "2026-01-01T00:00:00Z"],
    ["2025-12-31T16:00:00-08:00", "2026-01-01T00:00:00Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ])("%s is %s", (text, same) => {
    expect(parseMoment(text)).toBe(seconds(same));
  });

  test.each([
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-01-01 00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00.5Z",
    "2026-01-01T00:00:00+15:00",
    "1970-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "1/1/2026",
    "",
  ])("%j is none", (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});

test("a rotation outside Terraform is noted as such, unless Terraform itself has noted that very one", () => {
  const noted = outsideTerraform("slot 2", "slot 1");
  expect(noted).toBe("slot 2 (outside Terraform)");
  expect(isDoneOutside(noted, "slot 2")).toBe(true);
  expect(isDoneOutside(noted, "slot 1")).toBe(false);
  expect(outsideTerraform("slot 2", noted)).toBe(noted);
  expect(outsideTerraform("slot 2", undefined)).toBe(noted);
  expect(outsideTerraform("slot 2", "slot 2")).toBe("slot 2");
  expect(isDoneOutside("slot 2", "slot 2")).toBe(false);
});
