import * as z from "zod/mini";
import { readField, readSwitch } from "../field";
import type { StoreUri } from "../uri";

const Variable = z.object({
  /** Null of a hidden one, which never shows it again. */
  value: z.nullish(z.string()),
  /** Replaced by stars in the logs of jobs. */
  masked: z.optional(z.boolean()),
  /** Only in versions that know it. */
  raw: z.optional(z.boolean()),
  environment_scope: z.optional(z.string()),
});

/** A variable as GitLab shows it. */
export type Variable = z.infer<typeof Variable>;

/** Reads a variable out of an answer; undefined when it holds none. */
export function variableIn(body: unknown): Variable | undefined {
  const read = Variable.safeParse(body);
  return read.success ? read.data : undefined;
}

/** What decides which values GitLab takes. */
export type Masking = Pick<Variable, "masked" | "raw">;

/** What GitLab can mask in a value that it expands, and in older versions in any. */
const MASKABLE = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
/** What it can mask in a raw one. */
const MASKABLE_RAW = /^\S{8,}$/;

/** Whether GitLab can do with this value what the settings ask for. */
export function canHold({ masked, raw }: Masking, value: string): boolean {
  return masked !== true || (raw ? MASKABLE_RAW : MASKABLE).test(value);
}

/** How GitLab is to treat a variable. */
export class VariableSettings {
  /** "*" for all environments. */
  readonly scope: string;
  /** Whether the URI names the scope. */
  readonly namesScope: boolean;
  /** What the URI asks for, and nothing else of a variable that is there is changed; in the words of GitLab's API. */
  readonly asked: Readonly<Record<string, boolean>>;
  /** The settings of a new variable, in the words of GitLab's API. */
  readonly ofNew: Readonly<Record<string, unknown>> & Masking;

  /** @throws {StoreUriError} when an option has a value it cannot have */
  constructor(uri: StoreUri) {
    this.scope = uri.options.get("environment_scope") || "*";
    this.namesScope = uri.options.has("environment_scope");
    const switches = { protected: readSwitch(uri, "protected", true), raw: readSwitch(uri, "raw", true) };
    this.asked = Object.fromEntries(Object.entries(switches).filter(([name]) => uri.options.has(name)));
    this.ofNew = {
      variable_type: "env_var",
      masked: readField(uri).secret,
      ...switches,
      environment_scope: this.scope,
    };
  }
}
