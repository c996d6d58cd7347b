import { escaped } from "../../scripts/core/printable";
import type { Reply } from "../../scripts/genesys/reply";

/** Parts of an answer that say what happened; all else in it is about the org. */
const WORDS = ["error", "error_description", "description", "code", "message"] as const;

const ANY_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** A denial may name the address that it denies. */
const ANY_ADDRESS = /\b\d{1,3}(\.\d{1,3}){3}\b|\b[0-9a-f]{1,4}(:[0-9a-f]{0,4}){3,7}\b/gi;

/** What was found out, in lines that can be sent to us: nothing secret is in them, and no id. */
export class Report {
  readonly #hidden = new Map<string, string>();
  readonly #lines: string[] = [];

  /** From here on this text stands in the report as its name. */
  hide(text: string, name: string): void {
    if (text !== "") this.#hidden.set(text, `<${name}>`);
  }

  section(title: string): void {
    this.#lines.push("", `## ${title}`, "");
  }

  fact(question: string, answer: string): void {
    this.#lines.push(`- ${question}: ${this.#harmless(answer)}`);
  }

  /** An answer of the org: its status, and its words about what happened. */
  answer(question: string, reply: Reply): void {
    this.fact(question, describe(reply));
  }

  get text(): string {
    return `${["# What a Genesys Cloud org answers", ...this.#lines].join("\n")}\n`;
  }

  #harmless(text: string): string {
    let harmless = text;
    for (const [hidden, name] of this.#hidden) harmless = harmless.replaceAll(hidden, name);
    return escaped(harmless.replace(ANY_ID, "<id>").replace(ANY_ADDRESS, "<address>"));
  }
}

function describe(reply: Reply): string {
  if (reply.kind === "no answer") return `no answer (${reply.reason})`;
  if (reply.status < 300) return String(reply.status);
  const body = (typeof reply.body === "object" && reply.body !== null ? reply.body : {}) as Record<
    string,
    unknown
  >;
  const said = WORDS.flatMap((word) => (typeof body[word] === "string" ? [`${word} "${body[word]}"`] : []));
  return [String(reply.status), ...said].join(", ");
}
