import { writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { type Certificate, selfSigned } from "../certificate";

export const PROXY_HOST = "proxy.example";

/** For whom a certificate is that a server shows. Each is trusted: what is wrong with it is the name only. */
export const CERTIFICATES = ["for the host", "for another host", 'for "localhost"', "for the proxy"] as const;

export type CertificateKind = (typeof CERTIFICATES)[number];

/** Certificates, each made once. */
export class Certificates {
  readonly #made = new Map<string, Certificate>();
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, "authorities.pem");
  }

  /** The file of all that were made up to now, for NODE_EXTRA_CA_CERTS. */
  get authorities(): string {
    writeFileSync(this.#file, [...this.#made.values()].map(({ cert }) => cert).join(""));
    return this.#file;
  }

  /** @param host as it stands in a URL */
  of(kind: CertificateKind, host: string): Certificate {
    if (kind === "for the host") return this.#for([nameOf(host)]);
    if (kind === "for the proxy") return this.#for([nameOf(PROXY_HOST)]);
    if (kind === 'for "localhost"') return this.#for(["DNS:localhost"]);
    return this.#for(["DNS:other.example", "IP:10.11.12.14", "IP:2001:db8::2"]);
  }

  #for(names: readonly string[]): Certificate {
    const key = names.join();
    const certificate = this.#made.get(key) ?? selfSigned(names);
    this.#made.set(key, certificate);
    return certificate;
  }
}

function nameOf(host: string): string {
  const bare = host.replace(/^\[|\]$/g, "");
  return `${isIP(bare) ? "IP" : "DNS"}:${bare}`;
}
