/** What a person can put right: shown as it is, without a stack, with exit code 1. */
export class Mistake extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Mistake';
  }
}

/** The API said no: what it said, for commands that can do something about it. */
export class Refused extends Mistake {
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(message: string, problem: Readonly<Record<string, unknown>>) {
    super(message);
    this.problem = problem;
  }
}
