import { describe, expect, it } from 'vitest';
import { mustStand } from './build.ts';
import { protections } from './protections.ts';
import type { Protection } from './protections.ts';

// The controls run with `npm run faults` alone: whoever moves what they take out hears of it here.
describe('what the controls take out', () => {
  it.each(Object.keys(protections) as Protection[])('stands in the sources once: %s', (name) => {
    expect(() => {
      mustStand(name);
    }).not.toThrow();
  });
});
