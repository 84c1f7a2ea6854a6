import { stringify } from 'yaml';
import type { Shape } from '../src/config/json-schema.ts';

/** What one writes for a value: `duration`, `whole number > 0`, `list of texts`. Errors: TypeError where there are no words for it. */
export function valueInWords(shape: Shape, plural = ''): string {
  const { title, anyOf, enum: choices, const: only, type } = shape;
  if (title !== undefined) return `${title}${plural}`;
  if (anyOf) return inARow(anyOf.map((each) => valueInWords(each)));
  if (Array.isArray(type)) return inARow(type.map((each) => valueInWords({ type: each })));
  if (choices) return inARow(choices.map(code));
  return only === undefined ? typeInWords(shape, plural) : code(only);
}

function typeInWords(shape: Shape, plural: string): string {
  switch (shape.type) {
    case 'string':
      return `text${plural}`;
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole number${plural}${range(shape)}`;
    case 'number':
      return `number${plural}${range(shape)}`;
    case 'array':
      return `list of ${atLeast(shape)}${valueInWords(shape.items as Shape, 's')}`;
    case 'object':
      if (shape.properties) break;
      return `map to ${valueInWords(shape.additionalProperties as Shape)}`;
    case undefined:
      return 'anything';
  }
  throw new TypeError(`no words for ${JSON.stringify(shape)}`);
}

/** A default as one would write it; nothing where there is none. */
export function defaultInWords({ default: value }: Shape): string | undefined {
  if (value === undefined) return undefined;
  return code(stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim());
}

export const atLeast = ({ minItems }: Shape): string => (minItems ? `${minItems} or more ` : '');

const code = (text: unknown): string => `\`${text}\``;

const inARow = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' or $1');

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Shape): string {
  if (isBound(minimum) && isBound(maximum)) return ` ${minimum} to ${maximum}`;
  const bounds = [
    ['≥', minimum],
    ['>', exclusiveMinimum],
    ['≤', maximum],
    ['<', exclusiveMaximum],
  ];
  return bounds.flatMap(([sign, limit]) => (isBound(limit) ? [` ${sign} ${limit}`] : [])).join(' and');
}

/** The largest whole number that can be told from its neighbours bounds nothing. */
const isBound = (limit: unknown): limit is number =>
  typeof limit === 'number' && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
