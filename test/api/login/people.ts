import { randomBytes } from 'node:crypto';
import { hashOfPassword } from '../../../api/login/passwords.ts';
import type { Role } from '../../../domain/role.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import type { Config } from '../../../config.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

/** The password of everybody in these tests, as good as any that may be chosen. */
export const password = 'quatre chevaux sur le toit';

/** An office whose people can log in, with the machine's time in the test's hand. */
export interface Entrance {
  readonly office: Office;
  /** The machine's time: `pass` moves it on. */
  readonly machine: { now: number };
  pass(ms: number): void;
  /** A browser that has logged in as the role, by its name and password, from an address of its own. */
  enter(as?: Role, code?: string): Promise<Browser>;
  /** An address that nobody came from yet. */
  ip(): string;
  close(): Promise<void>;
}

export const minute = 60_000;
export const hour = 60 * minute;

export async function openEntrance(config: Partial<Config> = {}): Promise<Entrance> {
  const machine = { now: Date.parse('2026-06-01T08:00:00Z') };
  const office = await openOffice({
    config: { LOGIN_KEYS: [randomBytes(32)], ...config },
    machine: () => machine.now,
  });
  await office.house.db
    .updateTable('app_user')
    .set({ password_hash: await hashOfPassword(password) })
    .execute();
  let last = 0;
  const ip = (): string => {
    last += 1;
    return `10.${last >> 16}.${(last >> 8) & 255}.${last & 255}`;
  };
  return {
    office,
    machine,
    pass: (ms) => void (machine.now += ms),
    enter: async (as = 'collector', code) => {
      const browser = openBrowser(office, ip());
      const answer = await browser.ask('POST', '/v1/session', {
        name: as,
        password,
        ...(code === undefined ? {} : { code }),
      });
      if (answer.status !== 201) throw new Error(`${as} was not let in: ${answer.text}`);
      return browser;
    },
    ip,
    close: () => office.close(),
  };
}

/** The token of the session, as the browser keeps it. */
export function tokenOf(browser: Browser): string {
  return browser.cookies.get('__Host-relance') ?? '';
}
