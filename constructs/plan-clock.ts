import { TerraformLocal, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { formatSchedule, type Schedule } from "../scripts/core/schedule";

const ID = "SecureOAuthClientClock";

/**
 * The time of the plan, as Terraform itself computes it: a synth is reproducible and cannot know it. A plan that was
 * saved keeps its time, so that what is applied is what was planned.
 */
export class PlanClock extends Construct {
  /** The stack's one clock, made on first use. */
  static of(scope: Construct): PlanClock {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as PlanClock) ?? new PlanClock(stack);
  }

  private readonly now: TerraformLocal;

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    this.now = new TerraformLocal(this, "now", `\${${secondsSince1970("plantimestamp()")}}`);
  }

  /** The id of the slot that the plan lies in, as a template. */
  slotOf(schedule: Schedule): string {
    return slotTemplate(schedule, `local.${this.now.friendlyUniqueId}`);
  }
}

/** @param now an expression: seconds since 1970 */
export function slotTemplate(schedule: Schedule, now: string): string {
  const { period, start } = schedule;
  return `${formatSchedule(schedule)}, slot \${max(0, floor((${now} - ${start}) / ${period}) + 1)}`;
}

/**
 * A time in seconds since 1970, in Terraform's functions, none of which gives it. `m` counts months from a March, so
 * that the leap day is a year's last; 48, 1200 and 4800 months are the leap years' cycles. It needs no range(), which
 * stops at 1,024, and no provider.
 * @param timestamp an expression that gives a time as RFC 3339 in UTC
 */
export function secondsSince1970(timestamp: string): string {
  const days =
    "365 * floor(m / 12) + floor(m / 48) - floor(m / 1200) + floor(m / 4800) + " +
    "floor((153 * (m % 12) + 2) / 5) + t[2] - 719469";
  return (
    `[for t in [split("-", formatdate("YYYY-M-D-h-m-s", ${timestamp}))] : ` +
    `[for m in [t[0] * 12 + t[1] - 3] : (${days}) * 86400 + t[3] * 3600 + t[4] * 60 + t[5]][0]][0]`
  );
}
