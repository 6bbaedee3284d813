import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import type { AnySchema, ErrorObject } from 'ajv';

/** What of an OpenAPI document is needed to judge a call. */
interface OpenApi {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: object;
}

interface PathItem {
  readonly $ref?: string;
  readonly get?: Operation;
  readonly post?: Operation;
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: AnySchema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { properties?: object; required?: string[] } }>
    >;
  };
}

const folder = new URL('../../../shared/data/provider-specs/', import.meta.url);

/** The provider's own description of its API, where it lies beside this clone; undefined elsewhere. */
export function describedApi(name: string): DescribedApi | undefined {
  const path = fileURLToPath(new URL(`${name}.openapi.json`, folder));
  return existsSync(path) ? new DescribedApi(JSON.parse(readFileSync(path, 'utf8')) as OpenApi) : undefined;
}

/**
 * An API by its OpenAPI document: says what is wrong with a form or a query.
 *
 * Providers' documents forbid no unknown field, so this does: a field that the operation does not name is a fault.
 */
export class DescribedApi {
  readonly #api: OpenApi;
  readonly #ajv = new Ajv({ strict: false, coerceTypes: true, validateFormats: false, allErrors: true });

  constructor(api: OpenApi) {
    this.#api = api;
    this.#ajv.addSchema(api, 'api');
  }

  get paths(): readonly string[] {
    return Object.keys(this.#api.paths);
  }

  /** Whether the operation is written out in the document, and not only referred to. */
  describes(path: string, method: 'get' | 'post'): boolean {
    return this.#api.paths[path]?.[method] !== undefined;
  }

  /** Faults of a form post. */
  faultsOfForm(path: string, form: URLSearchParams): readonly string[] {
    const schema = this.#operation(path, 'post').requestBody?.content['application/x-www-form-urlencoded']
      ?.schema;
    if (!schema) return [`${path} takes no form`];
    const known = new Set(Object.keys(schema.properties ?? {}));
    const pointer = `api#/paths/${escaped(path)}/post/requestBody/content/${escaped('application/x-www-form-urlencoded')}/schema`;
    return [...unknownIn(form, known), ...this.#faults({ $ref: pointer }, Object.fromEntries(form))];
  }

  /** Faults of the query of a look-up. */
  faultsOfQuery(path: string, query: URLSearchParams): readonly string[] {
    const parameters = (this.#operation(path, 'get').parameters ?? []).filter((one) => one.in === 'query');
    const schema = {
      type: 'object',
      properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
      required: parameters.filter((one) => one.required === true).map((one) => one.name),
    };
    return [
      ...unknownIn(query, new Set(parameters.map((one) => one.name))),
      ...this.#faults(schema, Object.fromEntries(query)),
    ];
  }

  #operation(path: string, method: 'get' | 'post'): Operation {
    const operation = this.#api.paths[path]?.[method];
    if (!operation) throw new Error(`the document does not describe ${method} ${path}`);
    return operation;
  }

  #faults(schema: AnySchema, value: object): readonly string[] {
    const check = this.#ajv.compile(schema);
    return check(value) ? [] : (check.errors ?? []).map(inWords);
  }
}

export function inWords({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath || 'the request'} ${message} ${JSON.stringify(params)}`;
}

function unknownIn(given: URLSearchParams, known: ReadonlySet<string>): readonly string[] {
  return [...new Set(given.keys())].filter((key) => !known.has(key)).map((key) => `there is no field ${key}`);
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}
