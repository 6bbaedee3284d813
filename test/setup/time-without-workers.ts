import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * Lets time pass while no worker runs.
 *
 * The server that skips time holds it still as long as a workflow task waits for a worker, so an outage would last as
 * long as the machine takes. Each such lock is lifted here, and put back before workers come and lift it themselves.
 */
export class TimeWithoutWorkers {
  readonly #environment: TestWorkflowEnvironment;
  readonly #server: NonNullable<TestWorkflowEnvironment['connection']['testService']>;
  #lifted = 0;

  constructor(environment: TestWorkflowEnvironment) {
    const { testService } = environment.connection;
    if (!testService) throw new Error('the environment has no server that skips time');
    this.#environment = environment;
    this.#server = testService;
  }

  async sleep(ms: number): Promise<void> {
    const end = (await this.#environment.currentTimeMs()) + ms;
    const sleeping = this.#environment.sleep(ms);
    for (let last = 0, stills = 0; last < end;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const time = await this.#environment.currentTimeMs();
      // Time that may skip has skipped at once; held still, it runs as fast as the machine's.
      stills = time - last < 10_000 ? stills + 1 : 0;
      last = time;
      if (stills < 3 || time >= end) continue;
      await this.#server.unlockTimeSkipping({});
      this.#lifted += 1;
      stills = 0;
    }
    await sleeping;
  }

  /** To be called before workers start. */
  async putLocksBack(): Promise<void> {
    for (; this.#lifted > 0; this.#lifted -= 1) await this.#server.lockTimeSkipping({});
  }
}
