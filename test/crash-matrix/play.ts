import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeDownOnSignal } from '../../sandbox/demo/interruption.ts';
import type { CrashCase } from './case.ts';
import { playCase } from './play-case.ts';

/** play.ts ORDER: plays one case in a process of its own, so that whatever becomes of it is no other case's. */
export interface PlayOrder {
  readonly one: CrashCase;
  readonly pauseMs: number;
  /** Where its end is written: `played.json`, and what is kept of a fault. */
  readonly folder: string;
}

const { one, pauseMs, folder } = JSON.parse(process.argv[2] ?? '') as PlayOrder;
takeDownOnSignal((line) => void process.stdout.write(`${line}\n`));
mkdirSync(folder, { recursive: true, mode: 0o700 });
const played = await playCase(one, pauseMs, async (root) => keep(join(root, 'rollbackd')));
writeFileSync(join(folder, 'played.json'), JSON.stringify(played), { mode: 0o600 });
process.exit(0);

/** The daemon's log, and its journal. */
function keep(from: string): void {
  const logs = readdirSync(from).filter((name) => name.endsWith('.log'));
  for (const name of logs) cpSync(join(from, name), join(folder, name));
  cpSync(join(from, 'state-matrix'), join(folder, 'state'), {
    recursive: true,
    filter: (file) => !file.endsWith('.sock'),
  });
}
