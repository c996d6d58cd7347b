/** Every form in which a value might stand in an output or a file, by the form's name. */
export function encodings(value: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(value);
  return new Map([
    ["raw", value],
    ...[0, 1, 2].map((offset): [string, string] => [`base64 at offset ${offset}`, base64Core(value, offset)]),
    ...[0, 1, 2].map((offset): [string, string] => [
      `base64url at offset ${offset}`,
      base64Core(value, offset).replaceAll("+", "-").replaceAll("/", "_"),
    ]),
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["URL-encoded", encodeURIComponent(value)],
    ["JSON-escaped", JSON.stringify(value).slice(1, -1)],
    ...shellForms(value),
  ]);
}

/** As Bourne shells are fed a value with special characters: inside '…', inside "…", and with backslashes. */
function shellForms(value: string): [string, string][] {
  const forms: [string, string][] = [
    ["single-quoted for a shell", value.replaceAll("'", "'\\''")],
    ["double-quoted for a shell", value.replace(/["$`\\]/g, "\\$&")],
    ["backslashed for a shell", value.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, "\\$&")],
  ];
  return forms.filter(([, form]) => form !== value);
}

/** The characters that a value's base64 has in common wherever the value begins in a longer text. */
function base64Core(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  return whole.toString("base64").slice(offset === 0 ? 0 : 4);
}
