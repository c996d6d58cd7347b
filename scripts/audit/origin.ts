/** Where a stream of bytes comes from. */
export interface Origin {
  /** A path as it was named or found, "-" for standard input, a file of a git history by its path. */
  readonly file: string;
  /** Ways into archives, outermost first: "tfstate" in a plan file. */
  readonly inside: readonly string[];
  /** The first commit that has it. */
  readonly commit?: string;
  /** Named by the user: a folder brings many things that nobody meant. */
  readonly isNamed: boolean;
}

/** A thing in an archive. */
export function within(origin: Origin, member: string): Origin {
  return { ...origin, inside: [...origin.inside, member] };
}
