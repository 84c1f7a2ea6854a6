import { ObjectId } from 'mongodb';

/** The values a document id may have in the database, when an answer shows it as text. */
export function idValues(text: string): unknown[] {
  return /^[0-9a-f]{24}$/i.test(text) ? [text, ObjectId.createFromHexString(text)] : [text];
}
