// One chunk for the commands that work on stores: they share nearly all of their code, and a chunk each would cut
// that into two dozen small files to load on every apply.
export { doctor } from "./doctor";
export { regenerate } from "./regenerate";
export { remove } from "./remove";
export { run } from "./run";
export { verify } from "./verify";
