/** What the person who waits is told, on stderr, a line a step. */
export interface Progress {
  info(line: string): void;
  warn(line: string): void;
}

/** Progress on a stream whose reader may go away: Terraform closes the pipe on Ctrl-C, and the work must go on. */
export function progressOn(stream: NodeJS.WritableStream): Progress {
  const write = (line: string): void => {
    stream.write(`${line}\n`);
  };
  return { info: write, warn: (line) => write(`Warning: ${line}`) };
}
