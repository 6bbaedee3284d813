import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';

/** What an activity is told and does: it reports it, and fails with it when asked. */
export interface Told {
  readonly words: string;
  readonly fails?: boolean;
}

interface Acts {
  act(told: Told): Promise<string>;
  /** Reports its words, fails, and at its second try answers what it had reported. */
  beat(words: string): Promise<string>;
}

const once = { startToCloseTimeout: '10 seconds', retry: { maximumAttempts: 1 } } as const;
const { act } = proxyActivities<Acts>(once);
const { beat } = proxyActivities<Acts>({
  startToCloseTimeout: '10 seconds',
  heartbeatTimeout: '5 seconds',
  retry: { maximumAttempts: 2, initialInterval: '100 ms' },
});
const { act: actBeside } = proxyLocalActivities<Acts>(once);

export const hear = defineSignal<[string]>('hear');
export const say = defineQuery<string, [string]>('say');
export const answer = defineUpdate<string, [string]>('answer');

/** Says its words in every way in which a workflow can tell the server something. */
export async function everyWay(words: string): Promise<string> {
  const heard: string[] = [];
  setHandler(hear, (word) => void heard.push(word));
  setHandler(say, (word) => `${word} ${words}`);
  setHandler(answer, (word) => `${word} ${words}`, {
    validator: (word) => {
      if (word.startsWith('no')) throw ApplicationFailure.nonRetryable(word, 'Refused', word);
    },
  });
  if (workflowInfo().continuedFromExecutionRunId === undefined) {
    upsertMemo({ remembered: await beat(words) });
    setCurrentDetails(words);
    await act({ words });
    await actBeside({ words });
    for (const tries of [act, actBeside])
      await tries({ words, fails: true }).catch((failure: unknown) => failure);
    await sleep('1 ms', { summary: words });
    await executeChild(echo, { args: [words], memo: { remembered: words }, staticSummary: words });
    await executeChild(echo, { args: [words, true] }).catch((failure: unknown) => failure);
    const listener = await startChild(listen);
    await listener.signal(hear, words);
    await listener.result();
    await condition(() => heard.length > 1);
    await continueAsNew<typeof everyWay>(words);
  }
  await condition(() => heard.length > 0);
  throw ApplicationFailure.nonRetryable(words, 'Ended', words);
}

export async function echo(words: string, fails = false): Promise<string> {
  if (fails) throw new ApplicationFailure(words, 'Echo', true, [words]);
  return Promise.resolve(words);
}

export async function listen(): Promise<string> {
  let heard: string | undefined;
  setHandler(hear, (word) => {
    heard = word;
  });
  await condition(() => heard !== undefined);
  return heard ?? '';
}
