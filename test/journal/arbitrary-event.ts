import * as fc from 'fast-check';
import { z } from 'zod';
import { type EventBody, eventBody } from '../../src/model/event.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

// Whatever JSON can carry, from empty to odd: quotes, controls, lone surrogates, other scripts.
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }));

/** Values of a JSON schema, made from the event's own schema so that a new kind is covered the day it is added. */
function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(arbitraryOf));
  if (typeof schema.type === 'object') return fc.oneof(...schema.type.map((type) => arbitraryOf({ ...schema, type })));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return schema.pattern === undefined ? text : fc.stringMatching(new RegExp(schema.pattern));
    case 'integer':
      return wholeNumber(schema);
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'object':
      return arbitraryObject(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function wholeNumber({ minimum, exclusiveMinimum }: Schema): fc.Arbitrary<number> {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  return least === undefined ? fc.maxSafeInteger() : fc.integer({ min: least, max: Number.MAX_SAFE_INTEGER });
}

function arbitraryObject(schema: Schema): fc.Arbitrary<unknown> {
  if (!schema.properties) {
    const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    return fc.dictionary(text, arbitraryOf(values), { maxKeys: 4 });
  }
  const members = Object.entries(schema.properties).map(([name, member]) => [name, arbitraryOf(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
}

const schema = z.toJSONSchema(eventBody, { io: 'input', reused: 'inline' }) as Schema;

export const arbitraryEvent = arbitraryOf(schema) as fc.Arbitrary<EventBody>;
/** One arbitrary a kind, for tests that want every kind to occur. */
export const eventsOfEachKind = (schema.oneOf ?? schema.anyOf ?? []).map(arbitraryOf) as fc.Arbitrary<EventBody>[];
