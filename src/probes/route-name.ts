/** The longest part of a path that is a word, such as a route's name. */
const longestWord = 40;
const mostParts = 8;

/** Parts of a path that name one thing of many: numbers, ObjectIds, UUIDs, and long texts with digits in them. */
const isId = (part: string): boolean =>
  /^\d+$/.test(part) || (part.length >= 16 && /\d/.test(part)) || part.length > longestWord;

/** `GET /api/menu/65f1...` -> `GET /api/menu/:id`: how a baseline and a log name the same route. Never long. */
export function routeName(method: string, path: string): string {
  const parts = path.split('/', mostParts + 1).filter((part) => part !== '');
  return `${method} /${parts.map((part) => (isId(part) ? ':id' : part)).join('/')}`;
}
