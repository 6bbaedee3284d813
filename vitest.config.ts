import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Slow suites stand alone, so that `npm test -- --project stories` runs one of them and nothing else. */
const APART = ['domain', 'stories', 'life', 'faults'];

/** What each project but `domain` needs: Postgres, Temporal and the bundled workflows, started once for all of them. */
const globalSetup = ['test/setup/global.ts'];

/**
 * The files of one worker share what they import: loading the product anew for each took a third of their time. So a test
 * file leaves nothing behind in a module, and what it opens it closes.
 */
const isolate = false;

/**
 * Stories and faults run servers and dozens of processes on as little as two cores, where now and then one starves.
 * A test that fails is run once more; one that passes only then is listed with `(retry x1)`, and wants to be looked at.
 */
const retry = 1;

/** What takes minutes begins before all others of its group: at the end, one worker would live it while the others have nothing to do. */
const LONG = /\/(life|fuzz|bench)\/|\/stories\/(outage|formal-notice)|\/api\/matrix\.test/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = (file: TestSpecification): boolean => LONG.test(file.moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Much of a test is waiting for Postgres, Temporal and processes: on two cores a third worker still finds time.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'domain', include: ['test/domain/**/*.test.ts'], isolate } },
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: APART.map((room) => `test/${room}/**`),
          globalSetup,
          isolate,
        },
      },
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['test/stories/**/*.test.ts'],
          globalSetup,
          isolate,
          testTimeout: 120_000,
          retry,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // A demonstration of nine minutes, with servers of its own. It mostly waits: stories and faults run beside it.
        extends: true,
        test: {
          name: 'life',
          include: ['test/life/**/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Faults kill processes and count what is left.
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup,
          testTimeout: 300_000,
          retry,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
