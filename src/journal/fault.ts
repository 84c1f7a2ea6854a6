import { RollbackdError } from '../core/errors.ts';
import type { JournalError, JournalFault } from './journal.ts';

const busy = 5;
const locked = 6;
const readOnly = 8;
const inputOutput = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

const faultOf: Readonly<Record<number, JournalFault>> = {
  [busy]: 'held',
  [locked]: 'held',
  [readOnly]: 'not-writable',
  [inputOutput]: 'not-writable',
  [full]: 'not-writable',
  [cannotOpen]: 'not-writable',
  [corrupt]: 'corrupted',
  [notADatabase]: 'corrupted',
};

const said: Readonly<Record<JournalFault, (file: string) => string>> = {
  held: (file) => `The journal ${file} is held by another process.`,
  'newer-schema': (file) => `The journal ${file} was written by a newer version.`,
  corrupted: (file) => `The journal ${file} is damaged and was left as it is.`,
  'not-writable': (file) => `The journal ${file} cannot be written.`,
  behind: (file) => `The journal ${file} has lost what was written last, and nothing is done on its word.`,
  gone: (file) => `The journal ${file} was moved or deleted while rollbackd was using it.`,
};

const remedies: Readonly<Record<JournalFault, string>> = {
  held: 'stop the other daemon first, or give this one a state folder of its own.',
  'newer-schema': 'start the version that wrote it, or a later one.',
  corrupted:
    'keep the file for inspection, put a sound copy in its place, or move it away yourself (journal.db*) to start with an empty one.',
  behind:
    'stop rollbackd and put the newest copy of its state folder back. Where there is none, look at what the target runs and whose work its databases hold: a run that this journal takes for unfinished may be done. Then remove journal.db.mark, and rollbackd acts on what the journal still knows.',
  gone: 'put these very files back; or stop rollbackd, put the newest copy of the state folder in their place, and start it again.',
  'not-writable': 'free space on its disk and check that the folder belongs to the user of the daemon.',
};

export function journalError(fault: JournalFault, file: string, detail?: string, cause?: unknown): JournalError {
  const message = detail ? `${said[fault](file)} ${detail}` : said[fault](file);
  return new RollbackdError(fault, message, { remedy: remedies[fault], cause });
}

/** What SQLite or the file system threw, in the journal's words; anything else comes back as it was. */
export function asJournalError(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof RollbackdError) return thrown;
  const fault = sqliteFault(thrown) ?? fileFault(thrown);
  return fault ? journalError(fault, file, `${thrown.message}.`, thrown) : thrown;
}

/** The low byte is the kind of failure; the rest says where in SQLite it was met. */
const sqliteFault = (error: Error): JournalFault | undefined =>
  'errcode' in error && typeof error.errcode === 'number' ? faultOf[error.errcode & 0xff] : undefined;

const fileFault = (error: Error): JournalFault | undefined => ('syscall' in error ? 'not-writable' : undefined);
