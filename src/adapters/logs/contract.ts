/** A position in a log file from which new events are read; survives rotation and truncation. */
export interface LogPosition {
  readonly file: string;
  readonly inode: number;
  readonly offset: number;
}

export interface LogReader {
  /** The end of each matching file right now. */
  mark(pattern: string): Promise<LogPosition[]>;
  /** Events (multi-line ones joined) written since the mark, oldest first, at most `limit`; redacted. */
  since(pattern: string, mark: readonly LogPosition[], limit: number): Promise<string[]>;
}
