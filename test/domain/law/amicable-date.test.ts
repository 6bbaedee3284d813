import { describe, expect, it } from 'vitest';
import { amicableDate } from '../../../domain/law/amicable-date.ts';
import { boundAt } from '../../../domain/amicable-bound.ts';
import { dayAt } from '../../../domain/calendar.ts';
import { AFile } from '../a-file.ts';

describe('the bound of the amicable phase', () => {
  it('is a legal date on the very day on which a person is asked to decide', () => {
    const file = new AFile();
    const { collection, now } = file;

    const date = amicableDate(collection, now);

    expect(date).toMatchObject({
      clock: 'amicable_bound',
      because: 'collection_began',
      term: { unit: 'days' },
    });
    expect(date?.on).toBe(dayAt(collection.calendar, boundAt(collection, now)));
    expect(date!.from < date!.on).toBe(true);
  });

  it('is none once a person has gone beyond it', () => {
    const file = new AFile();

    expect(amicableDate({ ...file.collection, jumpTo: 'formal_notice' }, file.now)).toBeNull();
  });

  it('is none for a claim that an opening judgment has silenced', () => {
    const { collection, now } = new AFile();
    const debtor = { ...collection.debtor, insolventOn: dayAt(collection.calendar, now) };

    expect(amicableDate({ ...collection, debtor }, now)).toBeNull();
  });
});
