import { describe, expect, it } from 'vitest';
import { countryCodeOf } from '../../api/import/iso-country.ts';
import { calendarCovering, isZone, zoneOf } from '../../db/calendars.ts';
import { instantAt } from '../../domain/calendar.ts';

const letters = Array.from({ length: 26 }, (_, place) => String.fromCharCode(65 + place));
const countries = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter((code) => countryCodeOf(code) === code);

describe('the zone of a country', () => {
  it('exists for each country that a debtor can be in, and is nobody’s UTC', () => {
    const zones = countries.map((country) => [country, zoneOf(country)] as const);

    expect(countries.length).toBeGreaterThan(240);
    expect(zones.filter(([, zone]) => !isZone(zone) || /^(UTC|Etc\/.*|GMT.*)$/.test(zone))).toEqual([]);
  });

  // The table of holidays does not know these: a mail to Kathmandu left at 23:00 there.
  it.each([
    ['NP', '03:15'],
    ['MN', '01:00'],
    ['AF', '04:30'],
    ['IQ', '06:00'],
    ['KW', '06:00'],
    ['QA', '06:00'],
    ['LB', '07:00'],
    ['FR', '08:00'],
    ['US', '14:00'],
    ['CD', '08:00'],
  ])('lets nine o’clock in %s be %s UTC in January', (country, utc) => {
    const calendar = calendarCovering(country, zoneOf(country), 2026);

    const nine = instantAt(calendar, '2026-01-15', 9 * 3_600_000);

    expect(new Date(nine).toISOString()).toBe(`2026-01-15T${utc}:00.000Z`);
  });

  it('is not made up for what is no country', () => {
    expect(() => zoneOf('ZZ')).toThrow(RangeError);
  });
});
