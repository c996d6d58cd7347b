import { install } from "./install";
import { linesOf } from "./lines";

/** `npm run -s node-line LINE`: gets a line's Node.js and prints the folder of its node, npm and npx. */
function main([wanted]: readonly string[]): void {
  if (wanted === undefined) throw new Error("Name one line, such as 24: npm run -s node-line 24");
  for (const line of linesOf([wanted])) console.log(install(line));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
