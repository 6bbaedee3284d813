import { fileURLToPath } from 'node:url';

const pathOf = (file: string): string => fileURLToPath(new URL(`../workflows/${file}`, import.meta.url));

/**
 * What is bundled for the sandbox, by whoever bundles it: the workflows, and how their failures are written.
 *
 * A bundle without the second would put the messages of errors into histories in clear.
 */
export const workflowSources = {
  workflowsPath: pathOf('index.ts'),
  failureConverterPath: pathOf('failure-converter.ts'),
} as const;
