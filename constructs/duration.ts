import { Token } from "cdktf";
import { describe } from "./invalid";

/** A length of time in whole seconds. */
export class Duration {
  /**
   * A length in seconds.
   * @param amount Seconds: a whole number from 0, or a token.
   * @throws {Error} on a fraction, a negative number or no number.
   */
  static seconds(amount: number): Duration {
    return Duration.of(amount, 1, "seconds");
  }

  /**
   * A length in minutes.
   * @param amount Minutes, from 0; fractions that make whole seconds are fine.
   * @throws {Error} on a negative number, no number, a token, or what is not whole in seconds.
   */
  static minutes(amount: number): Duration {
    return Duration.of(amount, 60, "minutes");
  }

  /**
   * A length in hours.
   * @param amount Hours, from 0; fractions that make whole seconds are fine.
   * @throws {Error} on a negative number, no number, a token, or what is not whole in seconds.
   */
  static hours(amount: number): Duration {
    return Duration.of(amount, 3_600, "hours");
  }

  /**
   * A length in days.
   * @param amount Days of 24 hours, from 0; fractions that make whole seconds are fine.
   * @throws {Error} on a negative number, no number, a token, or what is not whole in seconds.
   */
  static days(amount: number): Duration {
    return Duration.of(amount, 86_400, "days");
  }

  private static of(amount: number, unit: number, name: string): Duration {
    // A token stands for a number that is not known yet: it can be passed on, not multiplied.
    if (Token.isUnresolved(amount)) {
      if (unit === 1) return new Duration(amount);
      throw new Error(`Duration.${name}() takes no token: give it in seconds with Duration.seconds().`);
    }
    const seconds = typeof amount === "number" ? amount * unit : Number.NaN;
    if (!Number.isSafeInteger(seconds) || seconds < 0) {
      throw new Error(
        `Duration.${name}() must make a whole number of seconds from 0, got ${typeof amount === "number" ? amount : describe(amount)}.`,
      );
    }
    return new Duration(seconds);
  }

  private constructor(private readonly amount: number) {}

  /** The length in seconds. */
  toSeconds(): number {
    return this.amount;
  }

  /** For messages: "3600 s". */
  toString(): string {
    return `${this.amount} s`;
  }
}
