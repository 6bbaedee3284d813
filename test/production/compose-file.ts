import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What our tests read of a service. */
export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly deploy?: { readonly replicas?: number };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly networks?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

export const clone = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${clone}docker-compose.yml`, 'utf8');
const envExample = readFileSync(`${clone}.env.example`, 'utf8');

/** The file as it is written, with its merges done and its variables left in. */
export function composeAsWritten(): unknown {
  return parse(text, { merge: true });
}

/** The file as `docker compose` reads it with these variables. Throws where it would refuse. */
export function composeWith(variables: Readonly<Record<string, string>>): ComposeFile {
  return filled(composeAsWritten(), variables) as ComposeFile;
}

/** The variables that the file asks for; `required` are those without which nothing starts. */
export function variablesAsked(): {
  readonly all: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
} {
  const found = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)(:[-?])?/g)];
  return {
    all: new Set(found.map(([, name = '']) => name)),
    required: new Set(found.flatMap(([, name = '', how]) => (how === ':?' ? [name] : []))),
  };
}

/** The variables of `.env.example` with their values. */
export function variablesOffered(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...envExample.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** A duration of the file, such as `60s`, in seconds. */
export function secondsOf(duration: string): number {
  const [, count = '', unit] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  return Number(count) * (unit === 'm' ? 60 : 1);
}

function filled(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(
      /\$\$|\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g,
      (whole, name: string | undefined, how: string | undefined, rest = '') => {
        if (name === undefined) return '$';
        const given = variables[name] ?? '';
        if (given === '' && how === '?') throw new Error(`${name}: ${String(rest)}`);
        return given === '' && how === '-' ? String(rest) : given;
      },
    );
  if (Array.isArray(value)) return value.map((item) => filled(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, variables)]));
  return value;
}
