/** Parts of a path that name one thing of many: numbers, ObjectIds, UUIDs, and long texts with digits in them. */
const isId = (part: string): boolean =>
  /^\d+$/.test(part) ||
  /^[0-9a-f]{24}$/i.test(part) ||
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part) ||
  (part.length >= 16 && /\d/.test(part));

/** `GET /api/menu/65f1...` -> `GET /api/menu/:id`: how a baseline and a log name the same route. */
export function routeName(method: string, path: string): string {
  const parts = path
    .split('/')
    .slice(0, 8)
    .map((part) => (isId(part) ? ':id' : part));
  return `${method} ${parts.join('/') || '/'}`;
}
