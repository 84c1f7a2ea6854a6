import { InvalidArgumentError, Option } from 'commander';

/** By its number, as `status` and the messages show it. */
export const revisionOption = (description: string): Option =>
  new Option('--revision <number>', description).argParser(revisionOf);

function revisionOf(text: string): number {
  const revision = Number(text);
  if (Number.isInteger(revision) && revision > 0) return revision;
  throw new InvalidArgumentError('the number of a revision, as `rollbackd status` shows it.');
}
