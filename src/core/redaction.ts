// Every repetition is bounded: a tool's output may hold a line of a megabyte.
const credentials = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/"']{1,500}@/gi;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
const name = '[\\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key)[\\w-]{0,40}';
const value = `"[^"]*"?|'[^']*'?|[^\\s"',;&}]+`;
const assignment = new RegExp(`\\b(${name}["']?\\s{0,9}[=:]\\s{0,9})(${value})`, 'gi');
const option = new RegExp(`(--${name}\\s+)(${value})`, 'gi');

/** Text of foreign origin (a tool's output, a log line, a command) with whatever looks like a secret taken out. */
export function redact(text: string): string {
  return text
    .replace(credentials, '$1[redacted]@')
    .replace(bearer, '$1 [redacted]')
    .replace(assignment, hide)
    .replace(option, hide);
}

/** Keeps the quotes, so that JSON stays JSON. */
function hide(_whole: string, before: string, hidden: string): string {
  const quote = /^["']/.exec(hidden)?.[0] ?? '';
  return `${before}${quote}[redacted]${quote}`;
}
