import fc from "fast-check";
import { DENIALS } from "../../../sandbox/org";
import type { TlsTrouble } from "../gate";
import type { CommandTrouble } from "../stores/command";

/** When it begins: with the run, with the n-th request to the org, or when the regenerate call has arrived there. */
export type Moment = "start" | "regenerate" | number;

/** Calls of the program to the org, by what they are for. */
export const CALLS = {
  any: { path: "*" },
  login: { method: "POST", path: "/oauth/token" },
  "look up": { method: "GET", path: "/api/v2/oauth/clients*" },
  regenerate: { method: "POST", path: "/api/v2/oauth/clients/*/secret" },
  credentials: { path: "/api/v2/integrations/credentials*" },
  token: { path: "/api/v2/tokens/me" },
} as const;

export type Call = keyof typeof CALLS;

/** What happens to one request, or to a few. */
export interface RequestTrouble {
  readonly kind: "request";
  readonly at: Moment;
  /** A call to the org, or any request to the store of this number, modulo how many have a server. */
  readonly of: Call | number;
  readonly what: Happening;
  /** How many requests that fit are let through first. */
  readonly skip: number;
  /** How many are hit; null: all. */
  readonly times: number | null;
}

export type Happening =
  | { readonly is: "reset before the effect" }
  | { readonly is: "reset after the effect" }
  | { readonly is: "acts late"; readonly ms: number }
  | { readonly is: "answers late"; readonly ms: number }
  | { readonly is: "trickles"; readonly ms: number }
  | { readonly is: "cut" }
  | { readonly is: "lacks its last byte" }
  | { readonly is: "broken"; readonly body: string; readonly acts: boolean }
  | { readonly is: "login rate limit" }
  | { readonly is: "token expired" }
  | { readonly is: "status"; readonly status: number; readonly body: "none" | "json" | "html" }
  | {
      readonly is: "5xx";
      readonly status: number;
      readonly body: "none" | "json" | "html";
      readonly acts: boolean;
    }
  | { readonly is: "429"; readonly after: number | null; readonly date: boolean };

/** What happens to the surroundings; `seconds` until it is over by itself, null: never. */
export type StateTrouble = { readonly at: Moment; readonly seconds: number | null } & (
  | { readonly kind: "org refuses" }
  | { readonly kind: "store refuses"; readonly of: number }
  | { readonly kind: "permission lost"; readonly of: number }
  /** The store takes every rehearsal, and refuses the write that follows. */
  | { readonly kind: "write refused"; readonly of: number }
  | { readonly kind: "name unknown"; readonly code: string }
  | { readonly kind: "TLS fails"; readonly of: "org" | number; readonly how: TlsTrouble }
  | { readonly kind: "disk full" }
  | { readonly kind: "read-only folder" }
  | { readonly kind: "clock jumps"; readonly ms: number }
  | { readonly kind: "command"; readonly how: CommandTrouble; readonly times: number }
  | { readonly kind: "tokens revoked" }
  /** The login service denies this machine, in one of the forms of DENIALS; the admin may log in. */
  | { readonly kind: "login denied"; readonly form: string }
  | { readonly kind: "write undone"; readonly of: number; readonly times: number }
  | { readonly kind: "interrupt" }
);

export type Trouble = RequestTrouble | StateTrouble;

/** The name of what goes wrong, for figures. */
export function nameOf(trouble: Trouble): string {
  const { kind } = trouble;
  if (kind === "request") {
    const { what } = trouble;
    if (what.is === "status") return `${what.status}`;
    if (what.is === "429")
      return what.after === null
        ? "429 without Retry-After"
        : `429, Retry-After as ${what.date ? "a date" : "seconds"}`;
    return what.is;
  }
  if (kind === "TLS fails") return `TLS: ${trouble.how}`;
  if (kind === "name unknown") return `DNS: ${trouble.code}`;
  if (kind === "clock jumps") return `clock jumps ${trouble.ms < 0 ? "back" : "ahead"}`;
  if (kind === "command") return `command ${trouble.how}`;
  return kind;
}

const MINUTE = 60_000;

export function troubles(around: Surroundings): fc.Arbitrary<Trouble> {
  const moment = fc.oneof(
    fc.constant<Moment>("start"),
    fc.constant<Moment>("regenerate"),
    fc.constant<Moment>("regenerate"),
    fc.integer({ min: 1, max: 8 }),
  );
  return fc.oneof(
    { arbitrary: requestTroubles(moment, around), weight: 6 },
    { arbitrary: stateTroubles(moment, around), weight: 4 },
  );
}

function requestTroubles(at: fc.Arbitrary<Moment>, around: Surroundings): fc.Arbitrary<RequestTrouble> {
  const status = (...ones: number[]): fc.Arbitrary<number> => fc.constantFrom(...ones);
  const body = fc.constantFrom("none" as const, "json" as const, "html" as const);
  // Beyond the 30 s that a request may take, unless a real half minute would be waited.
  const ms = fc.constantFrom(...(around.fast ? [800, 12_000, 33_000, 70_000] : [300, 1_500]));
  const what = fc.oneof(
    fc.record({ is: fc.constant("reset before the effect" as const) }),
    fc.record({ is: fc.constant("reset after the effect" as const) }),
    fc.record({ is: fc.constant("acts late" as const), ms }),
    fc.record({ is: fc.constant("answers late" as const), ms }),
    fc.record({
      is: fc.constant("trickles" as const),
      ms: fc.constantFrom(...(around.fast ? [20, 400] : [5])),
    }),
    fc.record({ is: fc.constant("cut" as const) }),
    fc.record({ is: fc.constant("lacks its last byte" as const) }),
    fc.record({
      is: fc.constant("broken" as const),
      body: fc.constantFrom("", "{", '{"data": {"da', "[]", "null", "{}", "<html>busy</html>", '"text"'),
      acts: fc.boolean(),
    }),
    fc.record({ is: fc.constant("login rate limit" as const) }),
    fc.record({ is: fc.constant("token expired" as const) }),
    fc.record({ is: fc.constant("status" as const), status: status(400, 403, 404, 409, 422, 301), body }),
    fc.record({
      is: fc.constant("5xx" as const),
      status: status(500, 502, 503, 504),
      body,
      acts: fc.boolean(),
    }),
    fc.record({
      is: fc.constant("429" as const),
      after: fc.constantFrom(null, 0, 1, 3, 90, 31_536_000),
      date: fc.boolean(),
    }),
  );
  return fc.record({
    kind: fc.constant("request" as const),
    at,
    of: fc.oneof(
      fc.constantFrom<Call>("any", "login", "look up", "regenerate", "regenerate", "credentials", "token"),
      fc.nat({ max: 2 }),
      fc.nat({ max: 2 }),
    ),
    what,
    skip: fc.nat({ max: 6 }).map((skip) => Math.max(0, skip - 3)),
    times: fc.constantFrom(1, 1, 1, 2, 3, 6, null),
  });
}

function stateTroubles(at: fc.Arbitrary<Moment>, around: Surroundings): fc.Arbitrary<StateTrouble> {
  const seconds = fc.constantFrom(...(around.fast ? [0.5, 5, 15, null] : [0.3, 1.5, null]));
  // More often without an end: an allow list has none, nor has a key that cannot encrypt.
  const endless = fc.oneof(fc.constant(null), fc.constant(null), seconds);
  const of = fc.nat({ max: 2 });
  const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
  const always: fc.Arbitrary<StateTrouble>[] = [
    fc.record({ kind: kind("org refuses"), at, seconds }),
    fc.record({ kind: kind("store refuses"), at, seconds, of }),
    fc.record({ kind: kind("permission lost"), at, seconds, of }),
    fc.record({ kind: kind("write refused"), at, seconds: endless, of }),
    fc.record({ kind: kind("tokens revoked"), at, seconds: fc.constant(null) }),
    fc.record({
      kind: kind("login denied"),
      at,
      seconds: endless,
      form: fc.constantFrom(...Object.keys(DENIALS)),
    }),
    fc.record({ kind: kind("write undone"), at, seconds, of, times: fc.constantFrom(1, 1, 3, 40) }),
    fc.record({
      kind: kind("TLS fails"),
      at,
      seconds,
      of: fc.oneof(fc.constant("org" as const), of),
      how: fc.constantFrom<TlsTrouble>("untrusted", "cut", "plain"),
    }),
    fc.record({
      kind: kind("command"),
      at,
      seconds,
      how: fc.constantFrom<CommandTrouble>("fails", "keeps and fails", "hangs"),
      times: fc.constantFrom(1, 2, 40),
    }),
  ];
  const disk: fc.Arbitrary<StateTrouble>[] = [
    fc.record({ kind: kind("disk full"), at, seconds }),
    fc.record({ kind: kind("read-only folder"), at, seconds }),
  ];
  const fast: fc.Arbitrary<StateTrouble>[] = [
    fc.record({ kind: kind("name unknown"), at, seconds, code: fc.constantFrom("ENOTFOUND", "EAI_AGAIN") }),
    fc.record({
      kind: kind("clock jumps"),
      at,
      seconds,
      ms: fc.constantFrom(-60 * MINUTE, -MINUTE, -5_000, 5_000, MINUTE, 60 * MINUTE),
    }),
  ];
  const real: fc.Arbitrary<StateTrouble>[] = [
    fc.record({ kind: kind("interrupt"), at, seconds: fc.constant(null) }),
  ];
  return fc.oneof(...always, ...(around.disk ? disk : []), ...(around.fast ? fast : real));
}

/** What this machine allows. */
export interface Surroundings {
  /** Whether the clock is a fast one, which can jump; names can be unknown then, too. */
  readonly fast: boolean;
  readonly disk: boolean;
}
