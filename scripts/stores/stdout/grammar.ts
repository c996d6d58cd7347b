import type { SchemeRow } from "../grammar";

const PREFIXED_LINES = "Terraform prefixes each line a local-exec prints and shows it on the terminal";

/** `stdout:`, the secret on standard output, for a pipe. */
export const STDOUT: SchemeRow = {
  form: "stdout:",
  summary: "the secret and a newline on standard output, for a pipe",
  example: "",
  options: {},
  refusedUnderTerraform: PREFIXED_LINES,
  holds: "a bare value",
  readable: false,
  printing: true,
  credentials: [],
  notRehearsed: "whether what reads the pipe takes it",
  parse: (body) => (body === "" ? { canonical: "", target: "" } : { reason: "nothing may follow the colon" }),
};
