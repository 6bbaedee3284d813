import { renameSync, writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowSources } from './workflow-sources.ts';

/**
 * Bundles the workflows into one file, for `RELANCE_WORKFLOW_BUNDLE`: an image is built once and starts often, and
 * bundling takes a worker three seconds and more. The file appears whole or not at all.
 */
export async function bundleWorkflows(file: string): Promise<void> {
  const { code } = await bundleWorkflowCode({ ...workflowSources, logger: new DefaultLogger('WARN') });
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}

/** `node --import tsx temporal/bundle.ts FILE` */
async function main(): Promise<void> {
  const [file] = process.argv.slice(2);
  if (file === undefined)
    throw new Error('Give the file to write: node --import tsx temporal/bundle.ts FILE');
  await bundleWorkflows(file);
}

if (process.argv[1] === import.meta.filename) {
  main().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
