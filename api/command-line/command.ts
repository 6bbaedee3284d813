import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { Client } from './client.ts';
import { Mistake } from './mistake.ts';

/** One thing that can be typed after `relance`. */
export interface Command {
  /** The words that call it: `list`, `user add`. */
  readonly name: string;
  /** What follows them, as the help shows it. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** How many words it takes, at least and at most. */
  readonly words: readonly [least: number, most: number];
  run(call: Call): Promise<void>;
}

export interface Call {
  readonly client: Client;
  readonly words: readonly string[];
  /** The options as text; those without a value are 'true'. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** The options that may be repeated. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Options that every command takes. */
const common = { url: { type: 'string' } } as const;

/** Reads what was typed after the command's name. Throws a Mistake that shows how it is used. */
export function readCall(
  command: Command,
  args: readonly string[],
): Omit<Call, 'client'> & { readonly url: string | undefined } {
  const { values, positionals } = parsed(command, args) as Typed;
  const [least, most] = command.words;
  if (positionals.length < least || positionals.length > most)
    throw new Mistake(`Use it like this: relance ${command.name} ${command.usage}`);
  const options: Record<string, string | undefined> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) lists[name] = value.filter((one) => typeof one === 'string');
    else options[name] = String(value);
  }
  return { words: positionals, options, lists, url: options['url'] };
}

interface Typed {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parsed(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...common, ...command.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (fault) {
    throw new Mistake(
      `${(fault as Error).message.split('.')[0]}.\nUse it like this: relance ${command.name} ${command.usage}`,
    );
  }
}
