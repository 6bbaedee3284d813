import { DefaultLogger, Runtime } from '@temporalio/worker';

// Imported for its effect, before any worker is made: each tells of its start and end, which in a report of hundreds of
// stories hides what matters.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
