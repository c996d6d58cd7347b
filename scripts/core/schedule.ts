/**
 * Rotation by the clock: slots of one length, counted from one moment. All of it is in UTC, where a day has 24 hours.
 * Terraform computes the same ids when it plans (constructs/plan-clock.ts); they are in its state, so that to change
 * how one is written would rotate everybody's secrets.
 */
export interface Schedule {
  /** Length of a slot, whole seconds. */
  readonly period: number;
  /** When slot 1 begins, seconds since 1970. */
  readonly start: number;
}

export interface Slot {
  /** From 1; 0 is all the time before the schedule's start. */
  readonly number: number;
  /** The rotation id: "every 30 days from 2026-01-01T00:00:00Z, slot 12". */
  readonly id: string;
  /** When it begins; undefined for slot 0. */
  readonly startsAt: Date | undefined;
}

/** Follows the id of a rotation that Terraform was not there for; it counts for Terraform's own of that id. */
const OUTSIDE_TERRAFORM = " (outside Terraform)";

/** The rotation id of a secret that no rotation made: it counts for the first one that a stack asks for. */
export const ADOPTED = "adopted";

/** 1970's first Monday: slots of seven days begin on Mondays. */
export const DEFAULT_START = "1970-01-05T00:00:00Z";

/** Bounds of a slot's length, seconds: an hour and ten years. */
export const PERIOD = { min: 3_600, max: 3_653 * 86_400 } as const;

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** The slot that a moment lies in. */
export function slotAt(schedule: Schedule, moment: Date): Slot {
  const { period, start } = schedule;
  const number = Math.max(0, Math.floor((Math.floor(moment.getTime() / 1000) - start) / period) + 1);
  const startsAt = number > 0 ? new Date((start + (number - 1) * period) * 1000) : undefined;
  return { number, id: `${formatSchedule(schedule)}, slot ${number}`, startsAt };
}

/** "every 30 days from 2026-01-01T00:00:00Z": the same for every way to write the same schedule. */
export function formatSchedule({ period, start }: Schedule): string {
  const [unit, seconds] = UNITS.find(([, length]) => period % length === 0) as (typeof UNITS)[number];
  const count = period / seconds;
  return `every ${count} ${unit}${count === 1 ? "" : "s"} from ${formatMoment(start)}`;
}

/** Reads what `formatSchedule` wrote; undefined for any other text. */
export function parseSchedule(text: string): Schedule | undefined {
  const [, count, unit, from] = /^every (\d{1,9}) (day|hour|minute|second)s? from (\S+)$/.exec(text) ?? [];
  const length = UNITS.find(([name]) => name === unit)?.[1];
  const start = parseMoment(from ?? "");
  if (length === undefined || start === undefined) return undefined;
  const schedule = { period: Number(count) * length, start };
  return schedule.period > 0 && formatSchedule(schedule) === text ? schedule : undefined;
}

/**
 * Reads an ISO 8601 time with its offset, such as "2026-01-01T00:00:00Z" or "2026-01-01T01:00+01:00".
 * @returns seconds since 1970; undefined when it is malformed, no day of the calendar, before 1970 or after 9999
 */
export function parseMoment(text: string): number | undefined {
  const [, day, time, seconds = ":00", offset] =
    /^(\d{4}-\d\d-\d\d)T([01]\d:[0-5]\d|2[0-3]:[0-5]\d)(:[0-5]\d)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/.exec(
      text,
    ) ?? [];
  if (day === undefined) return undefined;
  // Date takes the 30th of February for the 2nd of March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const moment = Date.parse(`${day}T${time}${seconds}${offset}`) / 1000;
  return moment >= 0 && moment < Date.UTC(10_000, 0) / 1000 ? moment : undefined;
}

/**
 * The rotation id to note for a rotation outside Terraform. Terraform knows of the rotation it noted itself: where
 * the stores hold that very id, it stays, for Terraform will not ask for it unless it is to rotate again.
 * @param id the rotation that is due
 * @param held the rotation id that the stores held before; null or undefined when there was none
 */
export function outsideTerraform(id: string, held: string | null | undefined): string {
  return held === id ? id : id + OUTSIDE_TERRAFORM;
}

/** Whether a stored rotation is this one, done outside Terraform, or counts for it. */
export function isDoneOutside(stored: string | null, id: string): boolean {
  return stored === ADOPTED || stored === id + OUTSIDE_TERRAFORM;
}

/** Why `isDoneOutside` says so, for messages. */
export function howDoneOutside(stored: string | null): string {
  return stored === ADOPTED
    ? "the secret was adopted, which counts as this rotation"
    : "this rotation was done outside Terraform";
}

function formatMoment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
