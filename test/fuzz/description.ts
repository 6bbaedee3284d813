/** As much of an OpenAPI document as is changed here. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; example?: unknown }[];
}

/**
 * The description as the API gives it, with an example for each part of a path.
 *
 * Nothing else of it is touched: what the fuzzer holds against the API is what the API says of itself.
 */
export function withExamples(
  description: Description,
  idOf: (path: string, parameter: string) => string,
): Description {
  const copy = structuredClone(description);
  for (const [path, operations] of Object.entries(copy.paths))
    for (const { parameters = [] } of Object.values(operations))
      for (const parameter of parameters)
        if (parameter.in === 'path') parameter.example = idOf(path, parameter.name);
  return copy;
}
