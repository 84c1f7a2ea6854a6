/** A position in a log file from which new events are read; survives rotation and truncation. */
export interface LogPosition {
  readonly file: string;
  readonly inode: number;
  readonly offset: number;
}

/** A missing file or folder holds no events. Errors: RollbackdError with reason `log-unreadable`. */
export interface LogReader {
  /** The end of the last whole line of each matching file right now, and the end of each file that rotation has made of one. */
  mark(pattern: string): Promise<LogPosition[]>;
  /** Events (multi-line ones joined) written since the mark, each file's oldest first, the first `limit`; redacted. A line without its end is not yet read. */
  since(pattern: string, mark: readonly LogPosition[], limit: number): Promise<string[]>;
}
