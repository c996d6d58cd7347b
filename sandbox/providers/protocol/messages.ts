import type { Diagnostic } from "./diagnostic";
import type { DynamicValue } from "./dynamic-value";

/** Any request, as proto-loader hands it over: each call reads the fields that its message has. */
export interface Request {
  readonly type_name: string;
  readonly id: string;
  readonly config: DynamicValue | null;
  readonly current_state: DynamicValue | null;
  readonly prior_state: DynamicValue | null;
  readonly planned_state: DynamicValue | null;
  readonly proposed_new_state: DynamicValue | null;
  readonly raw_state: { readonly json: Uint8Array } | null;
  readonly private: Uint8Array;
  readonly prior_private: Uint8Array;
  readonly planned_private: Uint8Array;
}

/** Any response. */
export interface Response {
  readonly diagnostics?: readonly Diagnostic[];
  readonly [field: string]: unknown;
}
