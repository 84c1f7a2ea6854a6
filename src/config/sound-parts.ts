import { z } from 'zod';

/** Thrown where somebody reads a value that is a fault by itself. */
export class UnsoundValue extends Error {}

/**
 * A value as its schema makes it, as far as it is sound: reading a part that is not throws `UnsoundValue`.
 * Unknown keys make nothing unsound.
 */
export function soundParts(schema: z.ZodType, value: unknown): unknown {
  const whole = schema.safeParse(value);
  if (whole.success) return whole.data;
  if (whole.error.issues.some(isOfTheWhole)) throw new UnsoundValue();
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject && isRecord(value)) {
    const parts = Object.entries(inner.shape as Record<string, z.ZodType>);
    return withParts({}, parts, (key, part) => soundParts(part, value[key]));
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const parts = value.map((item, index) => [String(index), item] as const);
    return withParts([], parts, (_, item) => soundParts(inner.element as z.ZodType, item));
  }
  throw new UnsoundValue();
}

const isOfTheWhole = ({ path, code }: z.core.$ZodIssue): boolean => path.length === 0 && code !== 'unrecognized_keys';

function withParts<T>(
  whole: object,
  parts: readonly (readonly [string, T])[],
  partOf: (key: string, part: T) => unknown,
): object {
  for (const [key, part] of parts) {
    Object.defineProperty(whole, key, { enumerable: true, ...described(() => partOf(key, part)) });
  }
  return whole;
}

function described(read: () => unknown): PropertyDescriptor {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof UnsoundValue)) throw error;
    return {
      get() {
        throw error;
      },
    };
  }
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const hasInner =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return hasInner ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
