// One chunk for the commands that an apply runs: what they share, and share with others, would else be cut into two
// dozen small files to load each time.
export { regenerate } from "./regenerate";
export { remove } from "./remove";
