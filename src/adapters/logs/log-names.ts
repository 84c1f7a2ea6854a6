import { basename, dirname, extname } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/** Whether a file name is one that the pattern names: `*` stands for any part of it. */
export function matcherOf(pattern: string): (name: string) => boolean {
  if (dirname(pattern).includes('*')) {
    throw new RollbackdError('log-unreadable', `${pattern} has a * in a folder's name`, {
      remedy: 'use * in the file name only',
    });
  }
  const parts = basename(pattern)
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const shape = new RegExp(`^${parts.join('.*')}$`);
  return (name) => shape.test(name);
}

const numberOrDate = /^[.\-_]+\d[\d.:T_-]*$/;

/**
 * Whether `name` is what a log rotation makes of the file `base`: `app.log.1`, `app.log-20250101` or, before the extension and
 * then only with a date, `app__2025-01-01.log`, since `app-1.log` is another instance's log. Compressed ones cannot be read on from a position.
 */
export function isRotationOf(base: string, name: string): boolean {
  if (name.startsWith(base)) return numberOrDate.test(name.slice(base.length));
  const extension = extname(base);
  const stem = base.slice(0, base.length - extension.length);
  if (extension === '' || !name.startsWith(stem) || !name.endsWith(extension)) return false;
  const middle = name.slice(stem.length, name.length - extension.length);
  return numberOrDate.test(middle) && middle.replace(/\D/g, '').length >= 6;
}
