import fc from 'fast-check';
import type { Question } from '../fakes/control-client.js';

type Schema = Readonly<Record<string, unknown>>;
/** Texts that mean something, by the name of the parameter or field that they mean it for. */
export type Words = Readonly<Record<string, readonly string[]>>;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

/**
 * Requests for what a description says there is: as it says, and nearly so. What is open is filled with words that mean
 * something, and with all else that there is.
 */
export function describedRequests(description: Schema, words: Words): fc.Arbitrary<Question> {
  const paths = Object.entries(description['paths'] as Record<string, Record<string, Operation>>);
  const operations = paths.flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => requestsFor(verb.toUpperCase(), path, operation, words)),
  );
  return fc.oneof(...operations);
}

function requestsFor(method: string, template: string, operation: Operation, words: Words): fc.Arbitrary<Question> {
  const named = (place: string): string[] =>
    (operation.parameters ?? []).filter((each) => each.in === place).map(({ name }) => name);
  const schema = operation.requestBody?.content['application/json'].schema;
  return fc
    .record({
      method: mostly(fc.constant(method), fc.constantFrom(...methods)),
      path: fc
        .tuple(
          ...template
            .slice(1)
            .split('/')
            .map((part) => segments(part, words)),
        )
        .map((parts) => `/${parts.join('/')}`),
      query: mostly(queries(named('query'), words), fc.string().map(encodeURI), 9),
      headers: headers(named('header'), words),
      strange: mostly(fc.constant({}), fc.constantFrom(...strangeHeaders)),
      body: schema === undefined ? mostly(nothing, fc.string()) : bodies(schema, words),
    })
    .map(({ method, path, query, headers, strange, body }) => ({
      method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        ...headers,
        ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': lengthOf(body) }),
        ...strange,
      },
      ...(body !== undefined && { body }),
    }));
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
const nothing = fc.constant(undefined);

const strangeHeaders: readonly Readonly<Record<string, string>>[] = [
  { Origin: 'http://evil.example' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-origin' },
  { Host: 'evil.example' },
  { 'Content-Type': 'text/plain' },
  { 'Content-Encoding': 'gzip' },
  { Expect: '100-continue' },
  { Accept: 'application/health+json' },
  { Accept: 'application/openmetrics-text' },
  { 'Last-Event-ID': 'a-1' },
  { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
];

/** One in so many is the other. */
function mostly<A, B>(usual: fc.Arbitrary<A>, other: fc.Arbitrary<B>, of = 15): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: of - 1, arbitrary: usual }, { weight: 1, arbitrary: other });
}

/** Any text that is sound Unicode. */
const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });

function texts(name: string, words: Words): fc.Arbitrary<string> {
  const known = words[name];
  return known === undefined ? anyText : mostly(fc.constantFrom(...known), anyText, 5);
}

function segments(part: string, words: Words): fc.Arbitrary<string> {
  const name = /^\{(\w+)\}$/.exec(part)?.[1];
  const asIs = fc.constantFrom('', '.', '..', '%2e%2e', '%00', '%zz', '%', '%c0%ae', 'a/b', ';a=b', '%F0%9F%92%A9');
  if (name === undefined) return mostly(fc.constant(part), mostly(asIs, anyText.map(encodeURIComponent)), 60);
  return mostly(texts(name, words).map(encodeURIComponent), asIs, 12);
}

function queries(names: readonly string[], words: Words): fc.Arbitrary<string> {
  const described = Object.fromEntries(names.map((name) => [name, texts(name, words)]));
  return fc
    .record(described, { requiredKeys: [] })
    .map((query) => new URLSearchParams(query as Record<string, string>).toString());
}

function headers(names: readonly string[], words: Words): fc.Arbitrary<Record<string, string>> {
  const described = names.map((name) => [
    name,
    // What node sends: bytes as characters, none of them a control character.
    texts(name, words).map((text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[^\t\x20-\x7e\x80-\xff]/g, ''),
    ),
  ]);
  return fc.record(Object.fromEntries(described) as Record<string, fc.Arbitrary<string>>, {
    requiredKeys: [],
  }) as fc.Arbitrary<Record<string, string>>;
}

function bodies(schema: Schema, words: Words): fc.Arbitrary<string | undefined> {
  const valid = valuesOf(schema, '', words).map((value) => JSON.stringify(value));
  const nearly = fc.oneof(
    fc.json(),
    anyText,
    fc.tuple(valid, fc.nat(40)).map(([text, end]) => text.slice(0, end)),
    fc.tuple(valid, anyText, fc.jsonValue()).map(([text, name, value]) => withMember(text, name, value)),
    fc.constantFrom(' '.repeat(17_000), '['.repeat(5_000), '{"a":'.repeat(40), '{"__proto__":{}}', '{"level":1}'),
  );
  const isNeeded = Array.isArray(schema['required']);
  return fc.oneof(
    { weight: 6, arbitrary: valid },
    { weight: isNeeded ? 1 : 3, arbitrary: nothing },
    { weight: 2, arbitrary: nearly },
  );
}

function valuesOf(schema: Schema, name: string, words: Words): fc.Arbitrary<unknown> {
  const { type, anyOf, properties = {} } = schema as { type?: string; anyOf?: Schema[]; properties?: object };
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => valuesOf(each, name, words)));
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.double({ min: 0, noNaN: true });
    case 'string':
      return texts(name, words);
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(properties).map(([key, each]) => [key, valuesOf(each as Schema, key, words)]),
        ),
        { requiredKeys: (schema['required'] ?? []) as never[] },
      );
    default:
      return fc.jsonValue();
  }
}

function withMember(text: string, name: string, value: unknown): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), [name]: value });
}

function lengthOf(text: string): string {
  return String(Buffer.byteLength(text));
}
