import { defineConfig } from 'vitest/config';

// By hand, when a life was added to `record.ts`: npx vitest run --config test/replay/record.config.ts
export default defineConfig({
  test: {
    include: ['test/replay/record.ts'],
    globalSetup: ['test/setup/global.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
