import { z } from 'zod';
import type { Path } from './fault.ts';
import { configSchema } from './schema.ts';

type Shape = z.core.JSONSchema.BaseSchema;

/** The configuration's shape as people write it, for editors. */
export function configJsonSchema(): Shape {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => allowReference(jsonSchema),
  });
  return { ...schema, title: 'rollbackd configuration' };
}

/** Wherever a plain text would not do, an editor must still accept `${NAME}`. */
function allowReference(schema: Shape): void {
  const { default: fallback, ...plain } = schema;
  if (!isPickyScalar(plain)) return;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, { anyOf: [plain, { type: 'string', pattern: '\\$\\{' }] });
  if (fallback !== undefined) schema.default = fallback;
}

function isPickyScalar(schema: Shape): boolean {
  const text = schema.type === 'string' && Boolean(schema.pattern || schema.format || schema.enum || schema.const);
  return text || schema.type === 'integer' || schema.type === 'number' || schema.type === 'boolean';
}

/** The keys that may stand at a path. */
export function keysAt(path: Path): string[] {
  const root = z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
  const found = path.reduce<Shape[]>((shapes, part) => shapes.flatMap((shape) => inside(shape, part)), [root]);
  return found.flatMap((shape) => Object.keys(shape.properties ?? {}));
}

function inside(shape: Shape, part: string | number): Shape[] {
  const next = typeof part === 'number' ? shape.items : (shape.properties?.[part] ?? shape.additionalProperties);
  return next && typeof next === 'object' && !Array.isArray(next) ? [next as Shape] : [];
}
