import type { DataConverter } from '@temporalio/common';
import type { TemporalSettings } from '../../config.ts';
import { workflowSources } from '../workflow-sources.ts';
import { SealedPayloads } from './sealed-payloads.ts';

/** The settings that sealing knows. */
export type Sealing = Pick<TemporalSettings, 'TEMPORAL_NAMESPACE'> &
  Partial<Pick<TemporalSettings, 'PAYLOAD_KEYS_FILE' | 'PAYLOADS_SEALED_ONLY'>>;

/**
 * What every client and every worker is made with: payloads are sealed with the ring of the settings, errors too.
 *
 * Without a ring all is kept in clear, and opens only what is.
 */
export function dataConverterOf(settings: Sealing): DataConverter {
  const codec = codecOf(settings);
  return {
    failureConverterPath: workflowSources.failureConverterPath,
    ...(codec ? { payloadCodecs: [codec] } : {}),
  };
}

/** The codec of the settings; undefined where they name no keys. */
export function codecOf(settings: Sealing): SealedPayloads | undefined {
  const {
    PAYLOAD_KEYS_FILE: ring,
    TEMPORAL_NAMESPACE: namespace,
    PAYLOADS_SEALED_ONLY: sealedOnly = false,
  } = settings;
  return ring && new SealedPayloads(ring, namespace, { sealedOnly });
}
