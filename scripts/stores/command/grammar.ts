import { harmlessJson } from "../../core/printable";
import type { SchemeRow } from "../grammar";

/** `command:`, a program that reads the secret from its standard input. */
export const COMMAND: SchemeRow = {
  form: 'command:["gh","secret","set","NAME"]',
  summary: "a program that reads the secret from its standard input; JSON argv, no shell",
  example: '["gh","secret","set","SECRET"]',
  options: {
    env: { help: "names of variables to pass on to the program, separated by commas", identity: true },
    output: { help: '"show" prints what the program prints (the secret masked)', identity: true },
    timeout: { help: "seconds until the program is stopped, 1 to 600; default 60", identity: true },
  },
  // An argv may itself contain question marks; the query begins after the array.
  queryFrom: (rest) => rest.lastIndexOf("]") + 1,
  holds: "a bare value",
  readable: false,
  // Of tools that it may start, and that no store here uses.
  credentials: ["CI_JOB_TOKEN"],
  policy: ["permission to execute the program"],
  notRehearsed: "whether the program does its work",
  parse: (body) => {
    const argv = parseArgv(body);
    return typeof argv === "string" ? { reason: argv } : { canonical: harmlessJson(argv), target: argv };
  },
};

function parseArgv(body: string): readonly string[] | string {
  let argv: unknown;
  try {
    argv = JSON.parse(body);
  } catch {
    return "what follows the colon is not JSON";
  }
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((word) => typeof word === "string")) {
    return "the command must be a JSON array of strings";
  }
  if (String(argv[0]).trim() === "") return "the command's first word is empty";
  if (argv.some((word) => word.includes("\0"))) return "a word contains a NUL character";
  return argv;
}
