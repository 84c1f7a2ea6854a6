import type { z } from 'zod';
import type { Path, PlacedFault } from './fault.ts';
import { keysAt } from './json-schema.ts';
import { nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What the schema objects to, in the words of somebody who reads the file and not the code. */
export function explainIssue(issue: Issue): PlacedFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  return [{ path, message: messageOf(issue) }];
}

function unknownKey(path: Path, key: string): PlacedFault {
  const known = keysAt(path);
  const meant = nearest(key, known);
  const hint = meant ? `did you mean "${meant}"?` : `allowed here: ${known.join(', ')}`;
  return { path: [...path, key], message: `unknown key; ${hint}` };
}

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return wrongChoice(issue.input, issue.values.map(String));
    case 'invalid_union':
      return wrongAlternative(issue);
    case 'invalid_key':
      return `the key is wrong: ${issue.issues.map(messageOf).join('; ')}`;
    case 'too_small':
      return outOfBounds(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return outOfBounds(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_format':
      return wrongFormat(issue);
    default:
      return issue.message;
  }
}

function wrongChoice(input: unknown, allowed: readonly string[]): string {
  const must = allowed.length === 1 ? `must be ${allowed[0]}` : `must be one of ${allowed.join(', ')}`;
  if (input === undefined) return `is missing: ${must}`;
  const meant = typeof input === 'string' ? nearest(input, allowed) : undefined;
  return meant && allowed.length > 1 ? `${must}; did you mean "${meant}"?` : must;
}

function wrongAlternative(issue: z.core.$ZodIssueInvalidUnion): string {
  const reasons = issue.errors.flatMap((errors) => errors.slice(0, 1)).map((inner) => messageOf(inner));
  const wants = [...new Set(reasons.map((reason) => reason.replace(/^must be /, '').replace(/, not .*$/, '')))];
  return `${issue.input === undefined ? 'is missing: ' : ''}must be ${wants.join(', or ')}`;
}

function outOfBounds(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'array') return `must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin !== 'string') return `must be ${bound} ${limit}`;
  return limit === 1 ? 'must not be empty' : `must have ${bound} ${limit} characters`;
}

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of keys',
  record: 'a set of keys',
};

function wrongType(issue: z.core.$ZodIssueInvalidType): string {
  const wanted = names[issue.expected] ?? issue.expected;
  if (issue.input === undefined) return `is missing: must be ${wanted}`;
  if (!issue.message.startsWith('Invalid input')) return issue.message;
  return issue.expected === 'int' && typeof issue.input === 'number'
    ? `must be ${wanted}`
    : `must be ${wanted}, not ${kindOf(issue.input)}`;
}

/** Never the value itself: it may be a secret in the wrong place. */
function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  return names[Array.isArray(value) ? 'array' : typeof value] ?? typeof value;
}

function wrongFormat(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (!issue.message.startsWith('Invalid')) return issue.message;
  if (issue.format === 'url') return 'must be an address that begins with http:// or https://';
  if (issue.format === 'datetime') return 'must be a moment with its offset, such as 2026-11-20T22:00:00Z';
  return issue.message.replace(/^Invalid string: /, '');
}
