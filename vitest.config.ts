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

/** The demonstration takes nine minutes whatever runs beside it, so it begins before all others of its group. */
class LifeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLife = (file: TestSpecification): boolean => file.project.name === 'life';
    const sorted = await super.sort(files);
    return [...sorted.filter(isLife), ...sorted.filter((file) => !isLife(file))];
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LifeFirst },
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
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // A demonstration of nine minutes, with servers of its own. It mostly waits: stories and faults run beside it.
        extends: true,
        test: {
          name: 'life',
          include: ['test/life/**/*.test.ts'],
          maxWorkers: 3,
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
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
