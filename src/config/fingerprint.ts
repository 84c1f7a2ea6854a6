import { hashOf, sha256 } from '../core/digest.ts';
import { Secret } from '../core/secret.ts';
import type { Config } from './schema.ts';

/** Changes with every value of the configuration, secrets too; tells none of them. */
export const fingerprint = (config: Config): string => hashOf(withoutSecrets(config));

function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return `secret ${sha256(value.reveal()).slice(0, 16)}`;
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)]));
}
