import { continueAsNew } from '@temporalio/workflow';

/** Lives of ours in their shape alone: so many runs, each of which goes on as the next. */
export async function followPlan({ runsLeft }: { readonly runsLeft: number }): Promise<string> {
  if (runsLeft > 1) await continueAsNew<typeof followPlan>({ runsLeft: runsLeft - 1 });
  return 'followed';
}

/** Somebody else's, in the same namespace. */
export async function theirs(): Promise<string> {
  return 'theirs';
}
