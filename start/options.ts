import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly port: number;
  /** As it was typed; `undefined` for the default. */
  readonly data: string | undefined;
  /** How many seconds of business time pass in one real second. */
  readonly speed: number;
  readonly demo: boolean;
}

/** What a person typed wrong; the message says which option and what it takes. */
export class BadOption extends Error {}

export const USAGE = `Usage: npm start -- [options]

Starts Relance with its own Postgres and Temporal on this machine.

  --port NUMBER    where the API listens on 127.0.0.1 (default 8080; 0 takes any free port)
  --data FOLDER    where everything is kept (default .data)
  --speed NUMBER   how fast business time passes: 1 is real time (default), 14400 lives a day in six seconds;
                   any speed but 1 uses a fresh folder of its own, unless --data names one
  --no-demo        leaves an empty database empty (default: --demo, loads a demonstration portfolio into it)
  --help           shows this
`;

const SPEED_MAX = 86_400; // A day in a second. Timers are exact to about a second: faster tells nothing.

/** Reads the command line of `npm start`; `help` when it asks for help. Throws `BadOption`. */
export function startOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parsed(args);
  if (values.help === true) return 'help';
  if (values.data === '') throw new BadOption('--data takes the path of a folder.');
  return {
    port: numberOf('--port', values.port ?? '8080', { min: 0, max: 65_535, whole: true }),
    speed: numberOf('--speed', values.speed ?? '1', { min: 1, max: SPEED_MAX, whole: false }),
    data: values.data,
    demo: values.demo ?? true,
  };
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowNegative: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        speed: { type: 'string' },
        demo: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (fault) {
    // Node's own sentence names the option; the rest of it explains a syntax that nobody asked about.
    const [sentence = ''] = (fault as Error).message.split('. ');
    throw new BadOption(`${sentence.replace(/\.$/, '')}. See npm start -- --help`);
  }
}

function numberOf(option: string, text: string, range: { min: number; max: number; whole: boolean }): number {
  const value = Number(text);
  const isNumber = text.trim() !== '' && (range.whole ? Number.isInteger(value) : Number.isFinite(value));
  if (isNumber && value >= range.min && value <= range.max) return value;
  const kind = range.whole ? 'a whole number' : 'a number';
  throw new BadOption(`${option} takes ${kind} from ${range.min} to ${range.max}, not "${text}".`);
}
