import { ObjectId } from 'mongodb';

/** The values a document id may have in the database, when an answer shows it as text. */
export function idValues(text: string): unknown[] {
  if (/^[0-9a-f]{24}$/i.test(text)) return [text, ObjectId.createFromHexString(text)];
  return /^(0|[1-9]\d{0,14})$/.test(text) ? [text, Number(text)] : [text];
}
