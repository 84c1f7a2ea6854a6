import { randomBytes } from 'node:crypto';

/** An identifier that sorts by time and says what it names: `run-0mbx2k9f3-7c1e9a`. */
export function newId(kind: string, now: number): string {
  return `${kind}-${now.toString(36).padStart(9, '0')}-${randomBytes(3).toString('hex')}`;
}
