import { readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The body of an event as the journal stores it: canonical JSON. */
const stepStarted = /"kind":"step\.started","run":"[^"]+","step":"([^"]+)"/g;
const runFinished = '"kind":"run.finished"';
/** Only in case the kernel's word is missed. */
const lookAgainMs = 20;

/**
 * Reads what a living daemon has just written, from the log that SQLite writes before the file itself. Resolves the moment a step is on
 * the disk that is not among the known, or with undefined when a run's end is. A process other than the holder may read it.
 */
export function nextWrittenStep(
  journal: string,
  known: ReadonlySet<string>,
  within: number,
): Promise<string | undefined> {
  const log = `${journal}-wal`;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      watcher.close();
      clearInterval(again);
      clearTimeout(deadline);
      settle();
    };
    const look = () => {
      const written = readIfThere(log);
      const step = [...written.matchAll(stepStarted)].map(([, id = '']) => id).find((id) => !known.has(id));
      if (step !== undefined) finish(() => resolve(step));
      else if (written.includes(runFinished)) finish(() => resolve(undefined));
    };
    const watcher = watch(dirname(journal), (_, file) => {
      if (file === basename(log)) look();
    });
    const again = setInterval(look, lookAgainMs);
    const late = () => reject(new Error(`no further step within ${within / 1_000} s after ${[...known].at(-1)}`));
    const deadline = setTimeout(() => finish(late), within);
  });
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
