import { hashOf } from '../core/digest.ts';
import type { BackupManifest } from '../model/backup.ts';

export type PinCheck = { readonly pinned: true } | { readonly pinned: false; readonly reason: string };

/** Whether a manifest is still the one that was pinned, and was not changed by hand. Reads no file. */
export function verifyPinned(manifest: BackupManifest, pinnedHash: string): PinCheck {
  const { hash, ...content } = manifest;
  if (hashOf(content) !== hash) return { pinned: false, reason: 'the manifest was changed after it was made' };
  if (hash === pinnedHash) return { pinned: true };
  return { pinned: false, reason: `the backup is ${short(hash)}, but ${short(pinnedHash)} was pinned` };
}

const short = (hash: string): string => hash.slice(0, 12);
