/** What may stand for `{name}` in a step. */
export type Value = string | number | boolean;
export type Variables = Readonly<Record<string, Value>>;

const reference = /\{(\w+)\}/g;

/** The variables named anywhere in a path, a header or a body. */
export function namesIn(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(reference)].map(([, name = '']) => name);
  if (template === null || typeof template !== 'object') return [];
  return Object.values(template).flatMap(namesIn);
}

/** A variable that is the whole text stays what it is: a number is put in as a number. */
export function fill(template: unknown, variables: Variables): unknown {
  if (typeof template === 'string') return fillText(template, variables);
  if (Array.isArray(template)) return template.map((each) => fill(each, variables));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, each]) => [key, fill(each, variables)]));
}

function fillText(text: string, variables: Variables): Value {
  const whole = /^\{(\w+)\}$/.exec(text)?.[1];
  return (whole === undefined ? undefined : known(variables, whole)) ?? inText(text, variables, String);
}

export const fillHeaders = (headers: Readonly<Record<string, string>>, variables: Variables): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, inText(text, variables, String)]));

/** Whatever a variable holds stays one part of the path. */
export const fillPath = (path: string, variables: Variables): string =>
  inText(path, variables, (value) => encodeURIComponent(value));

const inText = (text: string, variables: Variables, write: (value: Value) => string): string =>
  text.replace(reference, (all, name: string) => {
    const value = known(variables, name);
    return value === undefined ? all : write(value);
  });

const known = (variables: Variables, name: string): Value | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;
