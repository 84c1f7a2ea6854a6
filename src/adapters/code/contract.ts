/** A file of the checkout after the switch. The text is unknown where it is a link, or longer than anything a person writes. */
export type AfterSwitch =
  | { readonly is: 'gone' }
  | { readonly is: 'kept' }
  | { readonly is: 'legacy'; readonly text: string | undefined };

/**
 * The checkout the application runs from. Reads change nothing; writes are idempotent.
 * Errors: RollbackdError with reason `code` (git itself) or `ref-missing`.
 */
export interface CodeAdapter {
  /** The full commit id that the configured legacy ref names today. */
  legacyCommit(signal: AbortSignal): Promise<string>;
  currentCommit(signal: AbortSignal): Promise<string>;
  /** Why a switch to the legacy commit would fail, or end well with something else; empty where nothing stands in its way. */
  refusals(signal: AbortSignal): Promise<string[]>;
  /** What a file of the checkout (its path in it) is after the switch. */
  afterSwitch(path: string, signal: AbortSignal): Promise<AfterSwitch>;
  /** A complete copy of the legacy commit in its own folder, which it returns; the checkout is not touched. */
  stage(run: string, signal: AbortSignal): Promise<string>;
  /** What lies in the run's staged folder; undefined while there is none. */
  staged(run: string, signal: AbortSignal): Promise<{ folder: string; commit: string } | undefined>;
  /** Every run that something is staged for, those that are over too. */
  stagedRuns(signal: AbortSignal): Promise<string[]>;
  /** Removes the staged folder. */
  unstage(run: string, signal: AbortSignal): Promise<void>;
  /**
   * Local changes committed to `refs/rollbackd/<run>` without touching the working tree, and the state of every file noted:
   * the next call, and the switch, read only what was touched since.
   */
  saveLocalChanges(run: string, signal: AbortSignal): Promise<void>;
  /** What is saved for the run, and still in the repository; undefined while nothing was looked at for it. */
  saved(run: string, signal: AbortSignal): Promise<SavedChanges | undefined>;
  /** The checkout moved to the legacy commit, on a branch of its own, once what it could take away is saved; `keep` files and ignored files stay. */
  switchToLegacy(run: string, signal: AbortSignal): Promise<void>;
  /** Files to keep whose copies still wait to be put back: a switch was cut off after it had moved the checkout. */
  notPutBack(run: string, signal: AbortSignal): Promise<string[]>;
  /** Tracked files that differ from the legacy commit, apart from the given folders: empty when the switch is real. */
  differences(run: string, except: readonly string[], signal: AbortSignal): Promise<string[]>;
  describe(what: 'stage' | 'saveLocalChanges' | 'switchToLegacy'): string[];
}

export interface SavedChanges {
  /** Undefined where there was nothing to save. */
  readonly ref: string | undefined;
  /** How many files it holds otherwise than the commit that was checked out. */
  readonly files: number;
}
