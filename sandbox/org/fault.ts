/**
 * One thing that goes wrong. `path` and `method` say where, `skip` and `times` when, the others what: at least
 * one of `status`, `headers`, `body`, `delayMs`, `answerDelayMs`, `drop`, `truncate`, `shortenBy` and `trickleMs`, which combine.
 */
export interface Fault {
  /** @default - any method */
  readonly method?: string;
  /** The path without its query; `*` stands for any run of characters, slashes included. */
  readonly path: string;
  /** How many requests it hits. @default 1 */
  readonly times?: number;
  /** How many requests that fit it lets through first. @default 0 */
  readonly skip?: number;
  /** Answers this in place of the org. @default - the org's own, or 200 when headers or body are given */
  readonly status?: number;
  /** Headers of that answer. @default - Content-Type only */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body of that answer: an object is sent as JSON, a string as it is. @default - none */
  readonly body?: unknown;
  /** Whether the org acts, although `status`, `headers` or `body` hide its answer: a gateway that gave up. @default false */
  readonly afterEffect?: boolean;
  /** Milliseconds to wait first. The org then acts even when the caller has hung up, as servers do. @default 0 */
  readonly delayMs?: number;
  /** Cuts the connection before the org acts, or after it has acted and before it answers. @default - it answers */
  readonly drop?: "before" | "after";
  /** Milliseconds between the org's acting and its answer. @default 0 */
  readonly answerDelayMs?: number;
  /** Cuts the connection in the middle of the answer's body. @default false */
  readonly truncate?: boolean;
  /** Leaves so many bytes off the end of the answer's body, and sends the rest as if it were all. @default 0 */
  readonly shortenBy?: number;
  /** Sends the answer's body a byte at a time, with a pause of so many milliseconds before each. @default - at once */
  readonly trickleMs?: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMilliseconds = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

const isCount = (value: unknown, least: number): boolean =>
  value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && (value as number) >= least);

/** For each property what it must be, and whether it is. */
const RULES: Readonly<Record<keyof Fault, readonly [string, (value: unknown) => boolean]>> = {
  method: ["a method in capitals", (value) => typeof value === "string" && /^[A-Z]+$/.test(value)],
  path: ["a string that starts with / or *", (value) => typeof value === "string" && /^[/*]/.test(value)],
  times: ["a whole number of at least 1", (value) => isCount(value, 1)],
  skip: ["a whole number of at least 0", (value) => isCount(value, 0)],
  status: ["an HTTP status from 200 to 599", (value) => isCount(value, 200) && (value as number) < 600],
  headers: [
    "an object of strings",
    (value) => isRecord(value) && Object.values(value).every((one) => typeof one === "string"),
  ],
  body: ["anything", () => true],
  afterEffect: ["true or false", (value) => typeof value === "boolean"],
  delayMs: ["a number of milliseconds", isMilliseconds],
  answerDelayMs: ["a number of milliseconds", isMilliseconds],
  drop: ['"before" or "after"', (value) => value === "before" || value === "after"],
  truncate: ["true or false", (value) => typeof value === "boolean"],
  shortenBy: ["a whole number of at least 0", (value) => isCount(value, 0)],
  trickleMs: ["a number of milliseconds", isMilliseconds],
};

const EFFECTS = [
  "status",
  "headers",
  "body",
  "delayMs",
  "answerDelayMs",
  "drop",
  "truncate",
  "shortenBy",
  "trickleMs",
] as const;

/**
 * Checks a fault that came from outside.
 *
 * @throws TypeError naming the property, the rule and what it got
 */
export function readFault(value: unknown): Fault {
  if (!isRecord(value)) throw new TypeError("a fault must be an object");
  for (const [name, given] of Object.entries(value)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof Fault] : undefined;
    if (!rule)
      throw new TypeError(`a fault has no property ${name}; it has ${Object.keys(RULES).join(", ")}`);
    if (given !== undefined && !rule[1](given)) {
      throw new TypeError(`${name} must be ${rule[0]}, not ${JSON.stringify(given)}`);
    }
  }
  if (value.path === undefined) throw new TypeError("a fault needs a path");
  if (EFFECTS.every((name) => value[name] === undefined)) {
    throw new TypeError(`a fault needs at least one of ${EFFECTS.join(", ")}`);
  }
  return value as unknown as Fault;
}
