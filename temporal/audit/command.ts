/** One command of `npm run audit`. */
export interface AuditCommand {
  /** How it is written, what it does and its options: lines of the usage, without a line break at their end. */
  readonly usage: string;
  /**
   * Does it, with what was written after its name, and answers the exit code: 1 when something is not as it should be.
   * `say` gets the lines of the answer; progress goes to stderr. Throws an Error with the remedy when it can't be done.
   */
  run(args: readonly string[], say: (line: string) => void): Promise<number>;
}
