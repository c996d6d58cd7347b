import { readField, readSwitch } from "../field";
import type { StoreUri } from "../uri";

/** How GitLab treats a variable. */
export interface VariableSettings {
  /** Blotted out of the logs of jobs. */
  readonly masked: boolean;
  /** Only for jobs of protected branches and tags. */
  readonly protected: boolean;
  /** A $NAME within the value stays as it is. */
  readonly raw: boolean;
  /** "*" for all environments. */
  readonly environmentScope: string;
}

/** What GitLab can mask in a value that it expands, and in older versions in any. */
const MASKABLE = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
/** What it can mask in a raw one. */
const MASKABLE_RAW = /^\S{8,}$/;

/** @throws {StoreUriError} when an option has a value it cannot have */
export function readSettings(uri: StoreUri): VariableSettings {
  return {
    masked: readField(uri).secret,
    protected: readSwitch(uri, "protected", true),
    raw: readSwitch(uri, "raw", true),
    environmentScope: uri.options.get("environment_scope") || "*",
  };
}

/** Whether GitLab can do with this value what the settings ask for. */
export function canHold(settings: VariableSettings, value: string): boolean {
  return !settings.masked || (settings.raw ? MASKABLE_RAW : MASKABLE).test(value);
}

/** The settings in the words of GitLab's API. */
export function settingsBody(settings: VariableSettings): Record<string, unknown> {
  return {
    variable_type: "env_var",
    masked: settings.masked,
    protected: settings.protected,
    raw: settings.raw,
    environment_scope: settings.environmentScope,
  };
}
