import { StoreFault } from "../store";

/**
 * The JSON object that is stored as a text.
 * @throws {StoreFault} when it is none
 */
export function parseObject(text: string | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new StoreFault("it holds something that is not a JSON object");
}
