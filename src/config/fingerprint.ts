import { hashOf, sha256 } from '../core/digest.ts';
import { Secret } from '../core/secret.ts';
import type { ConfigMark } from '../model/config-mark.ts';
import { isFreeToChange } from './free-to-change.ts';
import type { Config } from './schema.ts';

/** Changes with every value of the configuration, secrets too; tells none of them. */
export const fingerprint = (config: Config): string => hashOf(withoutSecrets(config));

/** Enough digits to tell values apart, too few to find a secret by trying. */
const digits = 4;

export function configMark(config: Config): ConfigMark {
  const binding = leaves(withoutSecrets(config), '').filter(([path]) => !isFreeToChange(path));
  return {
    hash: fingerprint(config),
    binding: hashOf(Object.fromEntries(binding)),
    parts: Object.fromEntries(binding.map(([path, value]) => [path, hashOf(value).slice(0, digits)])),
  };
}

/** A list is one value: in the middle of a run none of its members may come, go or move. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, path === '' ? key : `${path}.${key}`));
}

function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return `secret ${sha256(value.reveal()).slice(0, 16)}`;
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)]));
}
