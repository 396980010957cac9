import type { JsonSchema } from '../../contracts/control-route.js';
import { errorCatalogue } from '../../errors.js';
import type { AnswerForms, Route } from '../route.js';
import { refusalsOf } from './refusals.js';
import type { SchemaName } from './schemas.js';
import { list, named } from './shape.js';

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Everything that a route answers, by status. */
export function describeAnswers(route: Route): JsonSchema {
  const answers = new Map<number, JsonSchema>();
  for (const [status, forms] of Object.entries(route.answers))
    answers.set(Number(status), { description: meaningOf(Number(status)), content: contentOf(forms) });
  if (route.watchAt !== undefined)
    answers.set(202, {
      description: meaningOf(202),
      headers: {
        Location: { description: 'where to look for how it goes on', schema: { type: 'string' } },
        'Preference-Applied': { schema: { const: 'respond-async' } },
      },
      content: contentOf({ 'application/json': 'Accepted' }),
    });
  for (const [status, codes] of refusalsOf(route)) {
    const content = {
      'application/problem+json': { schema: { ...named('Problem'), properties: { code: { enum: codes } } } },
    };
    const description = codes.map((code) => `${code}: ${errorCatalogue[code]}`).join('; ');
    const known = answers.get(status);
    // Health has the same status for an answer that is no problem.
    if (known === undefined) answers.set(status, { description, content });
    else
      answers.set(status, {
        ...known,
        description: `${String(known['description'])}; or ${description}`,
        content: bothContents(known['content'] as Content, content),
      });
  }
  return Object.fromEntries(answers);
}

/** A route's own problems stand beside those of the guards. */
function bothContents(one: Content, other: Content): Content {
  const merged = new Map(Object.entries(one));
  for (const [type, media] of Object.entries(other)) {
    const known = merged.get(type);
    merged.set(type, known === undefined ? media : { schema: { anyOf: [known.schema, media.schema] } });
  }
  return Object.fromEntries(merged);
}

/** The same without bodies, for `HEAD`. */
export function withoutBodies(answers: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(answers as Readonly<Record<string, JsonSchema>>).map(([status, { description }]) => [
      status,
      { description },
    ]),
  );
}

function contentOf(forms: AnswerForms): Content {
  return Object.fromEntries(Object.entries(forms).map(([type, form]) => [type, { schema: schemaOf(form) }]));
}

function schemaOf(form: AnswerForms[string]): JsonSchema {
  if (typeof form === 'string') return named(form);
  return isList(form) ? list(named(form[0])) : form;
}

function isList(form: AnswerForms[string]): form is readonly [SchemaName] {
  return Array.isArray(form);
}

function meaningOf(status: number): string {
  switch (status) {
    case 200:
      return 'the answer';
    case 202:
      return 'it goes on after the answer, which says where to look';
    case 503:
      return 'the same, and it is bad';
    default:
      return `the answer ${status} of the route`;
  }
}
