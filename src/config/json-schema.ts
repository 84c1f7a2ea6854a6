import { z } from 'zod';
import type { Path } from './fault.ts';
import { configSchema } from './schema.ts';

export type Shape = z.core.JSONSchema.BaseSchema;

/** The configuration's shape as people write it, without references. */
export const configShape = (): Shape => z.toJSONSchema(configSchema, { io: 'input' });

/** The same for editors. */
export function configJsonSchema(): Shape {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => allowReference(jsonSchema),
  });
  return { ...schema, title: 'rollbackd configuration' };
}

/** Wherever a plain text would not do, an editor must still accept `${NAME}`. */
function allowReference(schema: Shape): void {
  if (!isPickyScalar(schema)) return;
  const plain = Object.entries(schema).filter(([key]) => !annotations.includes(key));
  for (const [key] of plain) delete schema[key];
  schema.anyOf = [Object.fromEntries(plain), { type: 'string', pattern: '\\$\\{' }];
}

/** What says something about the key, however its value is written. */
const annotations: readonly string[] = ['title', 'description', 'default'];

function isPickyScalar(schema: Shape): boolean {
  const text = schema.type === 'string' && Boolean(schema.pattern || schema.format || schema.enum || schema.const);
  return text || schema.type === 'integer' || schema.type === 'number' || schema.type === 'boolean';
}

/** The keys that may stand at a path. */
export function keysAt(path: Path): string[] {
  const found = path.reduce<Shape[]>((shapes, part) => shapes.flatMap((shape) => inside(shape, part)), [configShape()]);
  return found.flatMap((shape) => Object.keys(shape.properties ?? {}));
}

function inside(shape: Shape, part: string | number): Shape[] {
  const next = typeof part === 'number' ? shape.items : (shape.properties?.[part] ?? shape.additionalProperties);
  return next && typeof next === 'object' && !Array.isArray(next) ? [next as Shape] : [];
}
