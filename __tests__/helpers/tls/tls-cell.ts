import { CERTIFICATES, type CertificateKind } from "./certificates";

/** What became of one connection. */
export interface TlsCell {
  readonly way: string;
  readonly target: string;
  readonly certificate: CertificateKind;
  /** "not reached" proves nothing. */
  readonly outcome: "accepted" | "refused" | "not reached";
  /** What the program said. */
  readonly said: string;
}

/** Cells as Markdown: a table a way, in it a row a target, a column a certificate. */
export function tlsTables(cells: readonly TlsCell[]): string {
  const ways = [...new Set(cells.map(({ way }) => way))];
  return ways
    .map((way) => {
      const ofWay = cells.filter((cell) => cell.way === way);
      const outcome = (target: string, kind: CertificateKind): string =>
        ofWay.find((cell) => cell.target === target && cell.certificate === kind)?.outcome ?? "not tried";
      return [
        `### ${way}`,
        "",
        `| certificate | ${CERTIFICATES.join(" | ")} |`,
        `| --- ${CERTIFICATES.map(() => "| --- ").join("")}|`,
        ...[...new Set(ofWay.map(({ target }) => target))].map(
          (target) => `| ${target} | ${CERTIFICATES.map((kind) => outcome(target, kind)).join(" | ")} |`,
        ),
      ].join("\n");
    })
    .join("\n\n");
}
