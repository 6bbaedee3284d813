import { describe, expect, it } from 'vitest';
import { BadOption, startOptions } from '../../start/options.ts';

describe('the options of npm start', () => {
  it('are those of a newcomer when he gives none', () => {
    expect(startOptions([])).toEqual({ port: 8080, speed: 1, data: undefined, demo: true });
  });

  it('are read in both spellings', () => {
    const options = startOptions(['--port=9000', '--data', 'here', '--speed', '14400', '--no-demo']);

    expect(options).toEqual({ port: 9000, speed: 14_400, data: 'here', demo: false });
  });

  it.each([
    [['--prot', '9000'], /--prot/],
    [['--port', 'http'], /--port takes a whole number from 0 to 65535, not "http"/],
    [['--port', '70000'], /--port takes/],
    [['--port', ''], /--port takes/],
    [['--speed', '0'], /--speed takes a number from 1 to 86400, not "0"/],
    [['--speed', 'Infinity'], /--speed takes/],
    [['--data'], /--data/],
    [['--data', ''], /--data takes the path of a folder/],
    [['somewhere'], /somewhere/],
  ])('refuse %j and name what is wrong', (args, message) => {
    expect(() => startOptions(args)).toThrow(BadOption);
    expect(() => startOptions(args)).toThrow(message);
  });
});
