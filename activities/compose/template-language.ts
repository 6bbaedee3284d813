/**
 * The small language in which templates are written: Liquid, reduced to what a letter needs.
 *
 * Templates are edited by people, so they are treated as input: of all tags only conditions are left, of all filters a
 * handful, there is no file access, an unknown word is an error, and size, time and memory are bounded. A template makes
 * plain text; each target escapes it afterwards, so no value can become markup, nor a template.
 */
import { Liquid } from 'liquidjs';
import type { Template } from 'liquidjs';

const tagsKept = new Set(['if', 'unless', 'case']);
const filtersKept = new Set(['capitalize', 'default', 'downcase', 'upcase']);

const engine = hardenedEngine();
const parsed = new Map<string, Template[]>();
const parsedMax = 500;

function hardenedEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    jsTruthy: true, // In Liquid an empty text is true: an unknown phone would be announced.
    strictFilters: true,
    ownPropertyOnly: true,
    cache: false,
    parseLimit: 20_000,
    renderLimit: 200,
    memoryLimit: 200_000,
    templates: {},
  });
  for (const tag of Object.keys(liquid.tags))
    if (!tagsKept.has(tag)) Reflect.deleteProperty(liquid.tags, tag);
  for (const filter of Object.keys(liquid.filters))
    if (!filtersKept.has(filter)) Reflect.deleteProperty(liquid.filters, filter);
  return liquid;
}

/** Values that a template may name: texts and numbers, one level of grouping. */
export type TemplateScope = Readonly<
  Record<string, string | number | Readonly<Record<string, string | number>>>
>;

/** The text of a template with its values filled in. Throws when it names an unknown value, tag or filter. */
export function renderTemplate(source: string, scope: TemplateScope): string {
  return engine.renderSync(parseTemplate(source), scope) as string;
}

/** Parses once and remembers; throws with line and column when the template cannot be read. */
export function parseTemplate(source: string): Template[] {
  const known = parsed.get(source);
  if (known) return known;
  const template = engine.parse(source);
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(source, template);
  return template;
}

/** The values that a template names, such as `invoice.number`, each once. */
export function valuesNamedBy(source: string): string[] {
  return [...new Set(engine.fullVariablesSync(parseTemplate(source)))];
}
