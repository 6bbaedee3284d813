/** A history that a process is to replay, which it gets from its parent. */
export interface Replayable {
  readonly workflowId: string;
  /** In protobuf, with its payloads open. */
  readonly history: Uint8Array;
}

/** Its answer: the message of the error, or null when it replays. */
export interface Verdict {
  readonly error: string | null;
}

/** What it is told when there is no more. */
export const theEnd = 'the end';
