import type { Construct } from "constructs";
import { HIDDEN } from "../scripts/core/printable";
import { DEFAULT_START, formatSchedule, PERIOD, parseMoment, type Schedule } from "../scripts/core/schedule";
import { Duration } from "./duration";
import { describe } from "./invalid";
import { PlanClock } from "./plan-clock";
import { isUnresolved } from "./unresolved";

const LONGEST = 128;

/** When the slots of a schedule begin. */
export interface RotationStart {
  /**
   * When the first slot begins, ISO 8601 with its offset: "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+01:00". Before
   * it the client gets only its first secret. All slots have the same length in UTC: an offset that changes with
   * daylight saving is not followed.
   * @default "1970-01-05T00:00:00Z", a Monday: slots of seven days begin on Mondays
   */
  readonly startingAt?: string;
}

/** When a client gets a new secret. Whatever the choice, a new client always does. */
export class Rotation {
  /** Only when the client itself is new, or is replaced. */
  static onClientChange(): Rotation {
    return new Rotation("on-client-change");
  }

  /**
   * Whenever the version changes: set another one and deploy.
   * @param version Any text of 1 to 128 printable characters, such as "1" or "2026-07", or a token.
   * @throws {Error} when it is empty, too long or holds an unprintable character.
   */
  static version(version: string): Rotation {
    if (!isUnresolved(version) && !isId(version)) {
      throw new Error(
        `Rotation.version() must be a string of 1 to 128 printable characters, got ${describe(version)}.`,
      );
    }
    // The prefix keeps a version from ever being the id of another kind of rotation.
    return new Rotation(`version:${version}`);
  }

  /**
   * By the clock: the first apply after a slot has begun rotates, once; plans within a slot have nothing to do,
   * and who applies once a year rotates once a year. Terraform reads the clock when it plans; nothing runs by itself,
   * so let something apply regularly. Another period or start rotates at once. Needs Terraform 1.5 or OpenTofu 1.6.
   * @param period Length of a slot: 1 hour to 3,653 days.
   * @throws {Error} when the period or the start breaks a rule; the message names the rule and what it got.
   *
   * @example
   * Rotation.every(Duration.days(30), { startingAt: "2026-01-01T00:00:00Z" })
   */
  static every(period: Duration, from: RotationStart = {}): Rotation {
    const seconds = period instanceof Duration ? period.toSeconds() : undefined;
    if (seconds === undefined || isUnresolved(seconds) || seconds < PERIOD.min || seconds > PERIOD.max) {
      throw new Error(
        `Rotation.every() must get a Duration of 1 hour to 3,653 days that is known at synth, got ${period instanceof Duration ? period : describe(period)}.`,
      );
    }
    if (typeof from !== "object" || from === null)
      throw new Error(
        `Rotation.every() must get a start such as { startingAt: "${DEFAULT_START}" }, got ${describe(from)}.`,
      );
    const { startingAt = DEFAULT_START } = from;
    const start = typeof startingAt === "string" ? parseMoment(startingAt) : undefined;
    if (start === undefined) {
      throw new Error(
        "Rotation.every(): startingAt must be a time from 1970 on, in ISO 8601 with its offset, such as " +
          `"2026-01-01T00:00:00Z", got ${describe(startingAt)}.`,
      );
    }
    return new Rotation({ period: seconds, start });
  }

  /**
   * The slots' length and start.
   * @default - it does not go by the clock
   */
  readonly schedule?: Schedule;

  /** The rotation id; of a schedule all but its slot: "every 30 days from 2026-01-01T00:00:00Z". */
  readonly id: string;

  private constructor(rotation: string | Schedule) {
    if (typeof rotation === "string") {
      this.id = rotation;
    } else {
      this.id = formatSchedule(rotation);
      this.schedule = rotation;
    }
  }

  /** What Terraform compares: while it stays, the secret stays. */
  triggerIn(scope: Construct): string {
    return this.schedule ? PlanClock.of(scope).slotOf(this.schedule) : this.id;
  }
}

/** The id is one line of an environment variable and of a document; what does not show makes two look like one. */
function isId(version: unknown): boolean {
  return typeof version === "string" && version !== "" && version.length <= LONGEST && !HIDDEN.test(version);
}
