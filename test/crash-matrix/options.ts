import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Temperament } from '../../sandbox/seed/seed.ts';
import { leaseTtl } from '../../src/engine/lease-ttl.ts';

export interface MatrixOptions {
  readonly only?: RegExp;
  readonly temperament?: Temperament;
  readonly sample?: number;
  readonly seed: number;
  readonly fixed?: true;
  readonly parallel: number;
  readonly pause: number;
  readonly results: string;
  readonly fresh?: true;
  readonly list?: true;
}

/** Longer than a lease lasts. */
const usualPause = leaseTtl / 1_000 + 1;

/** What was asked for; ends the process with 1 and the reason where that is impossible. */
export function readOptions(): MatrixOptions {
  return new Command('crash-matrix')
    .description('A whole rollback for each fault at each place, and a judgement of each end')
    .option('--only <pattern>', 'only cases whose name matches this regular expression', aPattern)
    .addOption(new Option('--temperament <name>', 'both where absent').choices(['tidy', 'rough']))
    .option('--sample <number>', 'so many by chance', aNumber)
    .option('--seed <number>', 'which ones', aNumber, Math.floor(Math.random() * 1_000_000))
    .option('--fixed', 'the fixed part: the riskiest of each kind')
    .option('--parallel <number>', 'so many at a time', aNumber, 2)
    .option('--pause <seconds>', 'how long what stands still does so', aNumber, usualPause)
    .option('--results <file>', 'lines of JSON, kept', join(tmpdir(), 'rollbackd-crash-matrix', 'results.jsonl'))
    .option('--fresh', 'play what has been played for this commit as well')
    .option('--list', 'name the cases and play none')
    .parse()
    .opts<MatrixOptions>();
}

function aNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at most seven digits.');
}

function aPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
}
