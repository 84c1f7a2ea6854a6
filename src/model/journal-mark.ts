/** How far a journal had come: an event of it. Whoever holds that very event is its continuation. */
export interface JournalMark {
  readonly seq: number;
  readonly hash: string;
}
