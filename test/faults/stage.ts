import { afterAll } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import type { Protection } from './protections.ts';
import type { World } from './world.ts';

interface Opened {
  readonly world: World;
}

/**
 * A world that the tests of a file share, because its processes cost more than what is tried in it.
 *
 * It is opened by the first test that asks for it and closed after the last. A control has a world of its own, with the
 * product made without what it is about.
 */
export function stageOf<Stage extends Opened>(open: (build: Build) => Promise<Stage>) {
  let ours: Promise<Stage> | undefined;
  afterAll(async () => (await ours)?.world.close());

  return {
    shared: (): Promise<Stage> => (ours ??= open(asItIs)),

    /** The same act where those protections are taken out. */
    async without<T>(protections: readonly Protection[], act: (stage: Stage) => Promise<T>): Promise<T> {
      const stage = await open(buildWithout(...protections));
      try {
        return await act(stage);
      } finally {
        await stage.world.close();
      }
    },
  };
}
