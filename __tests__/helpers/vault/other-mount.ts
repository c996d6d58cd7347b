import { type Answer, envelope, failed, NO_CONTENT } from "./answer";

/** A KV version 1 secrets engine, or one of another type: what a store must refuse. */
export class OtherMount {
  readonly type: string;
  readonly options: Readonly<Record<string, string>> | null;
  readonly #entries = new Map<string, Readonly<Record<string, unknown>>>();

  /** @param options as the mount was made: version 1 may say so, or say nothing */
  constructor(type: string, options: Readonly<Record<string, string>> | null) {
    this.type = type;
    this.options = options;
  }

  serve(method: string, path: string, body: unknown): Answer {
    if (method === "GET") {
      const data = this.#entries.get(path);
      return data ? envelope({ data }) : failed(404);
    }
    if (method === "DELETE") this.#entries.delete(path);
    else this.#entries.set(path, body as Readonly<Record<string, unknown>>);
    return NO_CONTENT;
  }
}
