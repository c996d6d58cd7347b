import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingTools } from "./tools";

/** A certificate that signed itself, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** What `describeUnlessMissing` is told: Node.js cannot make a certificate, and no key may be checked in. */
export const missingOpenssl: string | undefined = missingTools("openssl");

/**
 * Makes a certificate that no one knows, good for a day.
 * @param names whom it is for, as openssl writes them: "DNS:example.com", "IP:10.0.0.1"
 */
export function selfSigned(names: readonly string[] = ["IP:127.0.0.1", "DNS:localhost"]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-certificate-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = spawnSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-keyout", key, "-out", cert, "-days", "1", "-subj", `/CN=a test's ${names[0]}`],
        ...["-addext", `subjectAltName=${names.join(",")}`],
      ],
      { encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`openssl could not make a certificate: ${made.stderr}`);
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
