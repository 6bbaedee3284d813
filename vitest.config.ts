import { defineConfig } from 'vitest/config';

/** Slow suites stand alone, so that `npm test -- --project stories` runs one of them and nothing else. */
const APART = ['domain', 'stories', 'life', 'faults', 'browser'];

/** What each project but `domain` needs: Postgres, Temporal and the bundled workflows, started once for all of them. */
const globalSetup = ['test/setup/global.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'domain', include: ['test/domain/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: APART.map((room) => `test/${room}/**`),
          globalSetup,
        },
      },
      {
        extends: true,
        test: { name: 'stories', include: ['test/stories/**/*.test.ts'], globalSetup, testTimeout: 120_000 },
      },
      {
        // A demonstration of nine minutes, with servers of its own. It mostly waits: faults run beside it.
        extends: true,
        test: {
          name: 'life',
          include: ['test/life/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Faults kill processes and measure what is left: when all else is done.
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup,
          testTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
