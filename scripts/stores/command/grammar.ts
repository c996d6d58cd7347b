import { harmlessJson } from "../../core/printable";
import type { SchemeGrammar } from "../grammar";

/** `command:`, a program that reads the secret from its standard input. */
export const COMMAND = {
  form: 'command:["gh","secret","set","NAME"]',
  summary: "a program that reads the secret from its standard input; JSON argv, no shell",
  options: {
    env: "names of variables to pass on to the program, separated by commas",
    output: '"show" prints what the program prints (the secret blotted out)',
    timeout: "seconds until the program is stopped, 1 to 600; default 60",
  },
  parse: (body) => {
    const argv = parseArgv(body);
    return typeof argv === "string" ? { reason: argv } : { canonical: harmlessJson(argv), target: argv };
  },
} as const satisfies SchemeGrammar;

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
