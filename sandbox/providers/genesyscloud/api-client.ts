import { ApiError } from "./api-error";
import { send } from "./http";

/** Calls the API with one token. */
export class ApiClient {
  readonly #origin: string;
  readonly #token: string;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /**
   * Makes a call; `Entity` is what the caller expects of the answer, and reads with care.
   * @throws {ApiError} when the call is refused
   * @throws {NoAnswerError} when no answer comes
   */
  async call<Entity>(method: string, path: string, body?: object): Promise<Partial<Entity>> {
    const answer = await send(method, `${this.#origin}${path}`, {
      headers: {
        accept: "application/json",
        authorization: `Bearer ${this.#token}`,
        "user-agent": "GC Terraform Provider/1.82.0 (stand-in)",
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.status < 300) return answer.body as Partial<Entity>;
    const { message, contextId } = answer.body;
    throw new ApiError(
      method,
      path.split("?")[0] ?? path,
      answer.status,
      String(message ?? "no message"),
      String(contextId ?? ""),
    );
  }

  /** As `call`, but undefined where there is no such thing. */
  async find<Entity>(path: string): Promise<Partial<Entity> | undefined> {
    return this.call<Entity>("GET", path).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    });
  }
}
