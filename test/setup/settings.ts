import { readConfig } from '../../config.ts';
import type { Config } from '../../config.ts';

/**
 * The settings of a test: those of an installation that sets nothing, but silent and without a limit of requests.
 *
 * Of its own addresses there are none: a test opens its database itself.
 */
export function settingsWith(more: Partial<Config> = {}): Config {
  const DATABASE_URL = 'postgres://nobody@127.0.0.1:9/none';
  return { ...readConfig({ DATABASE_URL, LOG_LEVEL: 'silent', RATE_LIMIT_PER_MINUTE: '0' }), ...more };
}
