import { InterruptedError, UsageError } from "../core/errors";
import { SECRET, Secret } from "../core/secret";

/** More than that is no secret, but a file that was sent by mistake. */
const MOST_BYTES = 65_536;

/**
 * Reads a secret: from standard input, or, where that is a terminal, as it is typed there and not shown.
 * @param question what is asked on a terminal
 * @throws {InterruptedError} on Ctrl-C
 * @throws {UsageError} when what came is no secret; never with what it was
 */
export async function readSecret(question: string): Promise<Secret> {
  const text = process.stdin.isTTY ? await typed(question) : await piped();
  if (SECRET.test(text)) return new Secret(text);
  throw new UsageError(
    text === ""
      ? "There is no secret on standard input."
      : "What came on standard input is no secret: one line of 8 to 1024 printable ASCII characters without blanks.",
    "Send the secret alone: pass show orders | genesys-secret adopt …, or start it on a terminal and type it there.",
  );
}

async function piped(): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new UsageError("There is more than a secret on standard input.");
    parts.push(part);
  }
  // A pipe's line end is not the secret's, a byte order mark neither.
  return Buffer.concat(parts)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "");
}

const ENTER = /[\r\n]/;
const END = "\u0004";
const INTERRUPT = "\u0003";
const ERASE = /[\b\u007f]/;

/** Reads a line from the terminal, whose echo is off meanwhile. */
async function typed(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // First the echo goes: whoever answers at once must not be quicker.
  stdin.setRawMode(true);
  stderr.write(question);
  try {
    let line = "";
    for await (const part of stdin as AsyncIterable<Buffer>) {
      for (const character of part.toString("utf8")) {
        if (ENTER.test(character) || character === END) return line;
        if (character === INTERRUPT) {
          const remedy = "Run again when you are ready.";
          throw new InterruptedError("SIGINT", "Interrupted before anything was stored.", { remedy });
        }
        line = ERASE.test(character) ? line.slice(0, -1) : line + character;
      }
    }
    return line;
  } finally {
    stdin.setRawMode(false);
    stderr.write("\n");
  }
}
