import { readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The body of an event as the journal stores it: canonical JSON. */
const stepStarted = /"kind":"step\.started","run":"[^"]+","step":"([^"]+)"/g;
const runFinished = '"kind":"run.finished"';
/** Only in case the kernel's word is missed. */
const lookAgainMs = 20;

/** A page of the file holds the newest of its rows first. */
const pageSize = 4_096;

/**
 * Reads what a living daemon has just written, from its file and from the log that SQLite writes before the file itself. Resolves the
 * moment a step is on the disk that is not among the known, or with undefined when a run's end is. A process other than the holder may
 * read them.
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
      // The log first: what leaves it in the meantime is in the file then.
      const inLog = readIfThere(log);
      const inFile = readIfThere(journal);
      const step = [...pagesOf(inFile).flatMap((page) => stepsIn(page).reverse()), ...stepsIn(inLog)].find(
        (id) => !known.has(id),
      );
      if (step !== undefined) finish(() => resolve(step));
      else if (`${inFile}${inLog}`.includes(runFinished)) finish(() => resolve(undefined));
    };
    const watcher = watch(dirname(journal), (_, file) => {
      if (file === basename(log) || file === basename(journal)) look();
    });
    const again = setInterval(look, lookAgainMs);
    const late = () => reject(new Error(`no further step within ${within / 1_000} s after ${[...known].at(-1)}`));
    const deadline = setTimeout(() => finish(late), within);
  });
}

const stepsIn = (written: string): string[] => [...written.matchAll(stepStarted)].map(([, id = '']) => id);

const pagesOf = (file: string): string[] =>
  Array.from({ length: Math.ceil(file.length / pageSize) }, (_, page) =>
    file.slice(page * pageSize, (page + 1) * pageSize),
  );

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
