import { pino } from 'pino';
import type { Carrier, CarrierOutcome, Evidence } from '../../activities/carriers/carrier.ts';
import { onlyThrough } from '../../activities/carriers/carriers.ts';
import { readConfig } from '../../config.ts';
import { runWorker } from '../../worker.ts';
import type { KillPoint } from './fake-carrier.ts';

/**
 * The worker of the fault tests: the real one, with a carrier that talks to the test's fake over HTTP, as a provider's
 * would, and that kills its own process where the test says.
 */
const url = process.env['CARRIER_URL'] ?? '';

const carrier: Carrier = {
  name: 'fake',
  async send({ messageId, recipient }, signal): Promise<CarrierOutcome> {
    await point('before_call', messageId);
    let response: Response;
    try {
      response = await fetch(`${url}/send`, {
        method: 'POST',
        body: JSON.stringify({ messageId, recipient }),
        signal,
      });
    } catch (failure) {
      return { kind: 'unknown', reason: String(failure) };
    }
    await point('after_accept', messageId);
    if (response.ok) return { kind: 'accepted', ref: ((await response.json()) as { ref: string }).ref };
    const reason = `status ${response.status}`;
    if (response.status === 429)
      return {
        kind: 'not_sent',
        reason,
        retryAfterMs: Number(response.headers.get('retry-after') ?? 1) * 1_000,
      };
    return response.status >= 500
      ? { kind: 'unknown', reason }
      : { kind: 'refused', reason, addressInvalid: false };
  },
  async evidence(messageId, signal): Promise<Evidence> {
    const { kind } = (await (await fetch(`${url}/evidence/${messageId}`, { signal })).json()) as {
      kind: Evidence['kind'];
    };
    return kind === 'accepted' ? { kind, ref: `carrier-${messageId}` } : { kind };
  },
};

async function point(name: KillPoint, messageId: string): Promise<void> {
  const { kill } = (await (await fetch(`${url}/point/${name}/${messageId}`)).json()) as { kill: boolean };
  if (!kill) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

const config = readConfig();
const { done, stop } = runWorker(config, () => onlyThrough(carrier), pino({ level: config.LOG_LEVEL }));
process.once('SIGTERM', stop);
await done;
