import { readFileSync } from "node:fs";
import { join } from "node:path";

const { jest: config } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));

/**
 * After how many milliseconds something counts as hung, for what blocks and for child processes, which Jest's own limit
 * does not end. Nothing is asserted about time: it is far more than the slowest machine needs.
 */
export const HUNG_MS: number = config.testTimeout;
