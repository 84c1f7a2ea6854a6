import { stripVTControlCharacters } from 'node:util';

const MOST_LINES = 8;
const WIDTH = 240;

/** As much of a text as says what is wrong. */
export function firstLines(text: string, most = MOST_LINES, width = WIDTH): string {
  return plainLines(text).slice(0, most).map(cut(width)).join('\n');
}

export function lastLines(text: string, most: number, width = WIDTH): string {
  return plainLines(text).slice(-most).map(cut(width)).join('\n');
}

const plainLines = (text: string): string[] => stripVTControlCharacters(text).trimEnd().split('\n');

const cut =
  (width: number) =>
  (line: string): string =>
    `  ${line.slice(0, width)}`;
