import { missingOpenssl } from "../helpers/certificate";
import { describeUnlessMissing } from "../helpers/engines";
import { findLeaks } from "../helpers/leaks";
import { pageTables } from "../helpers/page-tables";
import { CREDENTIALS } from "../helpers/tls/targets";
import { type TlsCell, tlsTables } from "../helpers/tls/tls-cell";
import { tlsMatrix } from "./tls-matrix";

const page = pageTables("tls.md");
/** Each row of the page, so that every cell is a test before the servers run. */
const CELLS = page
  .table("tls")
  .split(/^### /m)
  .slice(1)
  .flatMap((section) => {
    const [way = "", ...lines] = section.trim().split("\n");
    const [header = [], , ...rows] = lines.filter((line) => line.startsWith("|")).map(columns);
    return rows.flatMap(([target = "", ...outcomes]) =>
      outcomes.map((outcome, index) => ({ way, target, certificate: header[index + 1] ?? "", outcome })),
    );
  });

function columns(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((column) => column.trim());
}

describeUnlessMissing(
  missingOpenssl,
  "a server is given a credential only if its certificate is the host's",
  () => {
    let cells: readonly TlsCell[];
    beforeAll(async () => {
      cells = await tlsMatrix();
    });

    test.each(CELLS)("$way: $target is $outcome with a certificate $certificate", (cell) => {
      const { way, target, certificate } = cell;
      const found = cells.find(
        (one) => one.way === way && one.target === target && one.certificate === certificate,
      );
      const expected = certificate === "for the host" ? "accepted" : "refused";
      expect({ outcome: found?.outcome, said: found?.said }).toMatchObject({ outcome: expected });
    });

    test("the page shows every cell as it is (npm run tls-table -- --write)", () => {
      expect(page.table("tls")).toBe(tlsTables(cells));
    });

    test("no message shows a credential, whatever the certificate", () => {
      expect(cells.length).toBeGreaterThan(500);
      expect(cells.filter(({ said }) => findLeaks(said, CREDENTIALS).length > 0)).toEqual([]);
    });
  },
);
