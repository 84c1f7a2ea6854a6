/** A text or number of a body, and the field in which it stands, itself or as one of a list. */
interface Scalar {
  readonly field: string;
  readonly value: string | number;
}

export function* scalarsOf(body: unknown): Generator<Scalar> {
  for (const { field, value } of partsOf(body))
    if (typeof value === 'string' || typeof value === 'number') yield { field, value };
}

export function* objectsOf(body: unknown): Generator<object> {
  for (const { value } of partsOf(body)) if (typeof value === 'object' && value !== null) yield value;
}

/** Everything in a body, itself included; without recursion, however deep somebody nests it. */
function* partsOf(body: unknown): Generator<{ field: string; value: unknown }> {
  const left = [{ field: '', value: body }];
  for (let part = left.pop(); part; part = left.pop()) {
    yield part;
    const { field, value } = part;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value))
      left.push({ field: Array.isArray(value) ? field : name, value: inner });
  }
}

/** Null, or nothing but that, booleans and zeros: no document, whatever it is wrapped in. */
export function saysNothing(body: unknown): boolean {
  if (body === '' || body === undefined) return false;
  for (const { value } of partsOf(body))
    if (value !== 0 && typeof value !== 'boolean' && typeof value !== 'object') return false;
  return true;
}
