const credentials = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
const assignment =
  /\b([\w-]*(?:password|passwd|secret|token|apikey|api_key)[\w-]*)(["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi;

/** Text of foreign origin (a tool's output, a log line, a command) with whatever looks like a secret taken out. */
export function redact(text: string): string {
  return text
    .replace(credentials, '$1[redacted]@')
    .replace(bearer, '$1 [redacted]')
    .replace(assignment, '$1$2[redacted]');
}
