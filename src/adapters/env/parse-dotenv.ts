/** Where a value is not clear: a quote that never ends, or text after the closing quote. */
export const unclear = Symbol('unclear');
export type EnvValue = string | typeof unclear;

const assignment = /[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)(?:[^\S\n]*=|:\s)[^\S\n]*/y;
const quoted = /(['"`])((?:\\\1|(?!\1).)*)\1[^\S\n]*(?:#[^\n]*)?(?=\n|$)/sy;
const plain = /[^#\n]*/y;
const restOfLine = /[^\n]*(?:\n|$)/y;

/**
 * What the npm package dotenv, by which such applications read the file, makes of it. Not node:util's parseEnv, which lets an empty
 * value with a blank behind it swallow the next line, knows no byte order mark and no `NAME: value`, and guesses at a broken quote:
 * a guess could hide which database is meant.
 */
export function parseDotenv(source: string): Map<string, EnvValue> {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const values = new Map<string, EnvValue>();
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(text) ?? undefined;
    if (match) position = pattern.lastIndex;
    return match;
  };
  while (position < text.length) {
    const name = take(assignment)?.[1];
    if (name !== undefined) values.set(name, takeValue(take));
    take(restOfLine);
  }
  return values;
}

function takeValue(take: (pattern: RegExp) => RegExpExecArray | undefined): EnvValue {
  const match = take(quoted);
  if (match) return match[1] === '"' ? unescapeBreaks(match[2] ?? '') : (match[2] ?? '');
  const value = take(plain)?.[0].trim() ?? '';
  return /^['"`]/.test(value) ? unclear : value;
}

/** Double quotes know these two escapes and no others. */
const unescapeBreaks = (value: string): string => value.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
