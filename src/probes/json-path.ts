const part = /\.([A-Za-z0-9_$-]+)|\[(\*|\d+)\]/y;

/**
 * The values a JSON path names: `$.data[*]._id`, `$[*]`, `$.database.connected`.
 * Only member names, numbers and `[*]`: what a list answer needs, and nothing that can surprise.
 * Errors: TypeError for a path outside that form.
 */
export function readPath(value: unknown, path: string): unknown[] {
  if (!path.startsWith('$')) throw new TypeError(`JSON path must start with "$": ${path}`);
  let found: unknown[] = [value];
  let position = 1;
  while (position < path.length) {
    part.lastIndex = position;
    const match = part.exec(path);
    if (!match) throw new TypeError(`JSON path cannot be read at "${path.slice(position)}": ${path}`);
    found = found.flatMap((each) => step(each, match[1], match[2]));
    position = part.lastIndex;
  }
  return found;
}

function step(value: unknown, member: string | undefined, index: string | undefined): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if (index === '*') return Array.isArray(value) ? value : [];
  const key = member ?? index ?? '';
  return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
}
