/** A JSON schema, as far as the attack makes values of it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

/** One operation of the API as its own document tells of it. */
export interface DocumentedRoute {
  /** Like `GET /api/dashboards/{id}`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** Parameters of the path, each with the word before it. */
  readonly ids: readonly { readonly name: string; readonly word: string }[];
  readonly query: Readonly<Record<string, JsonSchema>>;
  readonly requiredQuery: readonly string[];
  readonly headers: readonly string[];
  readonly body?: { readonly mediaType: string; readonly schema: JsonSchema };
  /** Whether it asks for no token. */
  readonly isOpen: boolean;
}

function idsIn(path: string): DocumentedRoute['ids'] {
  const words = path.split('/');
  return words.flatMap((word, at) => {
    const name = /^\{(\w+)\}$/.exec(word)?.[1];
    return name === undefined ? [] : [{ name, word: words[at - 1] ?? '' }];
  });
}

function routeOf(method: string, path: string, operation: DocumentedOperation): DocumentedRoute {
  const parameters = operation.parameters ?? [];
  const queries = parameters.filter((parameter) => parameter.in === 'query');
  const [body] = Object.entries(operation.requestBody?.content ?? {});
  return {
    key: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    ids: idsIn(path),
    query: Object.fromEntries(queries.map(({ name, schema }) => [name, schema])),
    requiredQuery: queries.filter(({ required }) => required).map(({ name }) => name),
    headers: parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name),
    ...(body === undefined ? {} : { body: { mediaType: body[0], schema: body[1].schema } }),
    isOpen: operation.security?.length === 0,
  };
}

/** All operations that a process documents. */
export async function documentedRoutes(origin: string): Promise<readonly DocumentedRoute[]> {
  const document = (await (await fetch(`${origin}/api/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  };
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => routeOf(method, path, operation)),
  );
}
