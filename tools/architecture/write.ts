import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withArchitecture } from "./diagram";

// `npm run architecture`: the diagram and the rules in CONTRIBUTING.md, from `.dependency-cruiser.cjs`.

const PROJECT = join(__dirname, "../..");
const PAGE = join(PROJECT, "CONTRIBUTING.md");

writeFileSync(PAGE, withArchitecture(readFileSync(PAGE, "utf8"), PROJECT));
