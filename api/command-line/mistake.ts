import type { FileQuestion } from './answers.ts';

/** What a person can put right: shown as it is, without a stack, with exit code 1. */
export class Mistake extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Mistake';
  }
}

/** The API said no: what it said, for commands that can do something about it. */
export class Refused extends Mistake {
  /** What a file leaves open; empty for every other refusal. */
  readonly questions: readonly FileQuestion[];

  constructor(message: string, { questions = [] }: { readonly questions?: readonly FileQuestion[] }) {
    super(message);
    this.questions = questions;
  }
}
