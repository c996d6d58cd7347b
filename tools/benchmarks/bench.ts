import { writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { benchmarkApply } from "./apply";
import { benchmarkFleet } from "./fleet";
import { plot } from "./plot";
import { benchmarkRegenerate } from "./regenerate";
import type { Section } from "./section";
import { benchmarkSizes } from "./sizes";
import { benchmarkSynth } from "./synth";

const DOCS = join(__dirname, "../../docs");

/** `npm run bench`: measures us against our peers in one run, and writes docs/benchmarks.md and its plot. */
async function main(): Promise<void> {
  const sections: Section[] = [];
  for (const benchmark of [
    benchmarkRegenerate,
    benchmarkSynth,
    benchmarkApply,
    benchmarkSizes,
    benchmarkFleet,
  ]) {
    console.error(`${benchmark.name} …`);
    const section = await benchmark();
    if (!section) continue;
    sections.push(section);
    console.log(body(section));
    // What was measured so far is not lost by what fails later.
    writeFileSync(join(DOCS, "benchmarks.svg"), plot(sections));
    writeFileSync(join(DOCS, "benchmarks.md"), page(sections));
  }
}

function page(sections: readonly Section[]): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `# Benchmarks

Made by \`npm run bench\` (Python 3 with requests, curl, jq and an engine on the PATH) on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GB, \`${process.platform} ${release()}\`. Ratios are of one run; milliseconds are of that machine.

![ratios to the peers](benchmarks.svg)

${sections.map(body).join("\n")}`;
}

function body({ title, setting, columns, rows, verdicts }: Section): string {
  return [
    `## ${title}\n`,
    `${setting}\n`,
    `| | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---:|").join("")}`,
    ...rows.map(({ name, cells }) => `| ${name} | ${cells.join(" | ")} |`),
    "",
    ...verdicts.map((line) => `- ${line}`),
    ...(verdicts.length ? [""] : []),
  ].join("\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
