import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { LogPosition } from '../../adapters/logs/contract.ts';
import type { StepContext } from '../contract.ts';

const positions = z.array(z.strictObject({ file: z.string(), inode: z.number(), offset: z.number() }));
const marks = z.strictObject({ output: positions, error: positions });
type LogMarks = z.infer<typeof marks>;

const fileOf = ({ evidenceFolder }: StepContext): string => `${evidenceFolder}/log-marks.json`;

/** Where the application's logs ended before it was started: kept on the disk, since a later step may run in a later process. */
export async function keepLogMarks(context: StepContext): Promise<void> {
  const { logs, settings } = context.world;
  const now: LogMarks = { output: await logs.mark(settings.logs.output), error: await logs.mark(settings.logs.error) };
  await writeFile(fileOf(context), JSON.stringify(now), { mode: 0o600 });
}

export async function eventsSinceStart(context: StepContext, stream: 'output' | 'error'): Promise<string[]> {
  const kept = await readFile(fileOf(context), 'utf8').catch(() => undefined);
  const mark: LogPosition[] = kept === undefined ? [] : marks.parse(JSON.parse(kept))[stream];
  return context.world.logs.since(context.world.settings.logs[stream], mark, 5_000);
}
