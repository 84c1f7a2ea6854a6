import { readJournal } from '../journal/read-only.ts';
import type { DecisionRecord } from './decision-record.ts';
import { recordIncident } from './record-incident.ts';

/** The record out of a journal that no daemon holds. Errors: JournalError, RollbackdError `no-incident`. */
export const recordFromFile = (file: string, incident?: string): DecisionRecord =>
  recordIncident(readJournal(file), incident);
