import { ProviderError } from "../protocol/diagnostic";

/** A call that Genesys Cloud refused. Holds the answer's message only: neither the request's headers nor its body. */
export class ApiError extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly status: number,
    readonly answer: string,
    readonly contextId: string,
  ) {
    super(`API Error: ${status} - ${answer} (${contextId})`);
  }
}

/** A call that had no answer. */
export class NoAnswerError extends Error {}

/** Turns a failed call into what the engine prints, in the real provider's form; anything else stays as it is. */
export function explain(resourceType: string, doing: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof NoAnswerError) throw new ProviderError(`${doing} error: ${error.message}`);
    if (!(error instanceof ApiError)) throw error;
    const { method, path, status: statusCode, answer: errorMessage, contextId: correlationId } = error;
    const detail = { resourceType, method, path, statusCode, errorMessage, correlationId };
    throw new ProviderError(`${doing} error: ${error.message}`, JSON.stringify(detail));
  };
}
