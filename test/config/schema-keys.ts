import type { Shape } from '../../src/config/json-schema.ts';

interface Key {
  /** `probes.unified.routes[].paging.size` */
  readonly path: string;
  readonly shape: Shape;
  /** Whether it must be written where its section is. */
  readonly required: boolean;
}

/** Every key that the schema knows, also those of the sections within. */
export function keysOf(shape: Shape, path = ''): Key[] {
  const own = Object.entries(shape.properties ?? {}).flatMap(([key, inner]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const required = shape.required?.includes(key) ?? false;
    return [{ path: name, shape: inner as Shape, required }, ...keysOf(inner as Shape, name)];
  });
  return shape.items ? [...own, ...keysOf(shape.items as Shape, `${path}[]`)] : own;
}
