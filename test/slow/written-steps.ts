import { readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The body of an event as the journal stores it: canonical JSON. */
const stepStarted = /"kind":"step\.started","run":"[^"]+","step":"([^"]+)"/g;
const stepSucceeded = /"kind":"step\.succeeded","run":"[^"]+","step":"([^"]+)"/g;
const stepFailed = /"kind":"step\.failed",.*?"run":"[^"]+","step":"([^"]+)","tookMs"/g;
const childPlanned =
  /\{"arguments":\[(?:"(?:[^"\\]|\\.)*",?)*\],"kind":"child\.planned","program":"[^"]*","run":"[^"]+","step":"[^"]+","tag":"[^"]+"\}/g;
const childStarted = /"kind":"child\.started","pid":(\d+),"startTime":"(\d*)","tag":"([^"]+)"/g;
const runFinished = '"kind":"run.finished"';
/** Only in case the kernel's word is missed. */
const lookAgainMs = 20;

/** A page of the file holds the newest of its rows first. */
const pageSize = 4_096;

/** What a living daemon has written so far. */
export interface Written {
  readonly started: ReadonlySet<string>;
  readonly succeeded: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  readonly children: readonly WrittenChild[];
  readonly finished: boolean;
}

export interface WrittenChild {
  readonly step: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly pid: number;
  readonly startTime: string;
}

/**
 * Reads what a living daemon has just written, from its file and from the log that SQLite writes before the file itself. Resolves the
 * moment a step is on the disk that is not among the known, or with undefined when a run's end is. A process other than the holder may
 * read them.
 */
export async function nextWrittenStep(
  journal: string,
  known: ReadonlySet<string>,
  within: number,
): Promise<string | undefined> {
  const look = (inFile: string, inLog: string) => {
    const step = [...pagesOf(inFile).flatMap((page) => stepsIn(page).reverse()), ...stepsIn(inLog)].find(
      (id) => !known.has(id),
    );
    if (step !== undefined) return { step };
    return `${inFile}${inLog}`.includes(runFinished) ? { step } : undefined;
  };
  return (await watchJournal(journal, look, `a further step after ${[...known].at(-1)}`, within)).step;
}

/** Resolves the moment that what is on the disk has what is looked for. Errors: `what` in words, when the time is up. */
export function untilWritten<T>(
  journal: string,
  what: string,
  look: (written: Written) => T | undefined,
  within: number,
): Promise<T> {
  return watchJournal(journal, (inFile, inLog) => look(writtenIn(`${inFile}\n${inLog}`)), what, within);
}

function writtenIn(text: string): Written {
  const steps = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, id = '']) => id));
  const planned = new Map(
    [...text.matchAll(childPlanned)].map(([body]) => {
      const {
        arguments: rest,
        program,
        step,
        tag,
      } = JSON.parse(body) as Record<string, string> & {
        arguments: string[];
      };
      return [tag ?? '', { step: step ?? '', command: [program ?? '', ...rest] }] as const;
    }),
  );
  const children = [...text.matchAll(childStarted)].flatMap(([, pid, startTime = '', tag = '']) => {
    const child = planned.get(tag);
    return child ? [{ ...child, pid: Number(pid), startTime }] : [];
  });
  return {
    started: steps(stepStarted),
    succeeded: steps(stepSucceeded),
    failed: steps(stepFailed),
    children,
    finished: text.includes(runFinished),
  };
}

function watchJournal<T>(
  journal: string,
  find: (inFile: string, inLog: string) => T | undefined,
  what: string,
  within: number,
): Promise<T> {
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
      const found = find(readIfThere(journal), inLog);
      if (found !== undefined) finish(() => resolve(found));
    };
    const watcher = watch(dirname(journal), (_, file) => {
      if (file === basename(log) || file === basename(journal)) look();
    });
    const again = setInterval(look, lookAgainMs);
    const late = () => reject(new Error(`${what}: not written down within ${within / 1_000} s`));
    const deadline = setTimeout(() => finish(late), within);
    look();
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
