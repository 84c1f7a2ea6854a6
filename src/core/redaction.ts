// Every repetition is bounded or ends at a character that it cannot contain: a tool's output may hold a line of a megabyte.
const credentials = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/"']{1,500}@/gi;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;

/** Between a name and its value, also in JSON that is a string in JSON. */
const between = `\\\\{0,3}["']?\\s{0,9}[=:]\\s{0,9}`;
const quoted = `"(?:[^"\\\\]|\\\\[^])*"?|'(?:[^'\\\\]|\\\\[^])*'?|\\\\{1,3}"[^"]*"?`;
const value = `${quoted}|[^\\s"',;&}]+`;
const words = 'password|passwd|passphrase|pwd|secret|token|api[_-]?key';
const name = `[\\w-]{0,40}(?:${words})[\\w-]{0,40}`;
const assignment = new RegExp(`\\b(${name}${between})(${value})`, 'gi');
const option = new RegExp(`(--${name}\\s+)(${value})`, 'gi');

/** A cookie is a list, and so may be the credentials of an unknown scheme: without quotes they end with the line. */
const list = '\\[[^\\]]{0,5000}\\]?|\\{[^}]{0,5000}\\}?';
const header = new RegExp(`\\b((?:cookies?|authorization)${between})(${list}|${quoted}|[^\\s"'][^\\r\\n]*)`, 'gi');
const sessionName = '(?:[\\w-]{0,40}session(?:[_-]?(?:id|key|cookie))?|[\\w-]{0,40}sessid|(?:[\\w-]{0,40}[._-])?sid)';
/** A sentence is no session: "can't create session: could not connect". */
const sentence = '(?<=\\bsession: )[a-z]{1,12} [a-z]';
const session = new RegExp(`\\b(${sessionName}${between})(?!${sentence})(${list}|${value})`, 'gi');

/** The values of a document, as MongoDB and its driver put them into an error. */
const braces = '\\{(?:[^{}"\\n]|"(?:[^"\\\\\\n]|\\\\.)*"|\\{[^{}\\n]*\\})*\\}';
const duplicate = new RegExp(
  `\\b(dup key:\\s{0,9}|keyValue${between})(${braces}|\\{[^}]{0,5000}\\}?[^\\r\\n]*|(?!\\[redacted\\])\\S[^\\r\\n]*)`,
  'gi',
);

/** Text of foreign origin (a tool's output, a log line, a command) with whatever looks like a secret or a customer's data taken out. */
export function redact(text: string): string {
  return text
    .replace(duplicate, '$1[redacted]')
    .replace(header, hide)
    .replace(session, hide)
    .replace(credentials, '$1[redacted]@')
    .replace(bearer, '$1 [redacted]')
    .replace(assignment, hide)
    .replace(option, hide);
}

/** Keeps the quotes, so that JSON stays JSON, and the scheme. */
function hide(_whole: string, before: string, hidden: string): string {
  const quote = /^\\{0,3}["']/.exec(hidden)?.[0] ?? '';
  const scheme = /^["']?((?:Bearer|Basic)\s)/i.exec(hidden)?.[1] ?? '';
  return `${before}${quote}${scheme}[redacted]${quote}`;
}
