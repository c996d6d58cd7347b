import type { Section } from "./section";

const WIDTH = 760;
const NAME_WIDTH = 270;
const BAR = 16;
const ROW = 24;
const HEADING = 40;

/** Bars of the ratios of each section, as an SVG that reads on light and on dark pages. */
export function plot(sections: readonly Section[]): string {
  let y = 10;
  const parts: string[] = [];
  for (const { title, rows } of sections) {
    const drawn = rows.flatMap(({ name, ratio }) => (ratio === undefined ? [] : [{ name, ratio }]));
    if (drawn.length === 0) continue;
    const scale = (WIDTH - NAME_WIDTH - 70) / Math.max(...drawn.map(({ ratio }) => ratio), 1);
    parts.push(`<text x="10" y="${y + 18}" font-weight="bold">${escaped(title)}</text>`);
    y += HEADING - 10;
    for (const { name, ratio } of drawn) {
      const width = (ratio * scale).toFixed(1);
      parts.push(
        `<text x="${NAME_WIDTH - 8}" y="${y + 13}" text-anchor="end">${escaped(name.replaceAll("`", ""))}</text>`,
        `<rect x="${NAME_WIDTH}" y="${y}" width="${width}" height="${BAR}" fill="#4c78a8"/>`,
        `<text x="${(NAME_WIDTH + ratio * scale + 6).toFixed(1)}" y="${y + 13}">${ratio.toFixed(2)}</text>`,
      );
      y += ROW;
    }
    // Where the peer stands.
    const one = (NAME_WIDTH + scale).toFixed(1);
    const top = y - ROW * drawn.length - 4;
    parts.push(
      `<line x1="${one}" x2="${one}" y1="${top}" y2="${y}" stroke="#e45756" stroke-dasharray="4 3"/>`,
    );
    y += 14;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12" fill="#888">
<title>Ratios to the peers of each section; the dashed line is 1</title>
${parts.join("\n")}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
