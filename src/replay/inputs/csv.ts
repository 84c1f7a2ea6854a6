import type { AccessEntry } from '../../adapters/access-log/contract.ts';
import type { Observation } from '../../model/observation.ts';
import { newestFirst, tooOld } from './access-log.ts';
import { isWithin, type Looks, type Reading } from './input.ts';
import { linesOf, unreadable } from './lines.ts';
import { type Measured, prometheusLook, requireMeasure } from './measured.ts';
import { momentOf } from './moment.ts';
import { looksAt } from './request-looks.ts';

export const valueHeader = 'timestamp,value';
export const requestHeader = 'timestamp,tenant,route,status,duration';

/** `timestamp,value`, or one request a line. Which one, the first line says. */
export function readCsv(reading: Reading): Looks {
  const lines = linesOf(reading.file);
  const header = (lines.next().value ?? '')
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase();
  if (header === valueHeader) return valuesIn(lines, reading);
  if (header === requestHeader) return looksAt(requestsIn(lines, reading), reading.requests);
  throw unreadable(reading.file, `line 1 must be ${valueHeader} or ${requestHeader}`);
}

async function* valuesIn(lines: Generator<string>, reading: Reading): Looks {
  const measure = requireMeasure(reading);
  for (const [line, fields] of rowsOf(lines)) {
    const measured = lookOf(fields, measure);
    if (typeof measured === 'string') reading.faults.add(reading.file, line, measured);
    else if (isWithin(reading, measured.at)) yield [measured];
  }
}

function lookOf([time = '', value = '', ...rest]: readonly string[], measure: Measured): Observation | string {
  const at = momentOf(time);
  if (at === undefined) return noMoment(time);
  if (rest.length > 0) return 'more than two fields';
  const number = value === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) return `"${value}" is no number`;
  const wrong = measure.why(number);
  return wrong ?? prometheusLook(at, [{ measure: measure.name, value: number }]);
}

function* requestsIn(lines: Generator<string>, reading: Reading): Generator<AccessEntry> {
  const { file, faults } = reading;
  const inOrder = newestFirst();
  for (const [line, fields] of rowsOf(lines)) {
    const entry = requestOf(fields);
    if (typeof entry === 'string') faults.add(file, line, entry);
    else if (!inOrder(entry)) faults.add(file, line, tooOld);
    else if (isWithin(reading, entry.at)) yield entry;
  }
}

function requestOf(fields: readonly string[]): AccessEntry | string {
  const [time = '', tenant = '', route = '', status = '', duration = ''] = fields;
  if (fields.length !== 5) return `${fields.length} fields, not 5`;
  const at = momentOf(time);
  if (at === undefined) return noMoment(time);
  if (!/^[1-5]\d\d$/.test(status)) return `"${status}" is no HTTP status`;
  if (!/^\d+(?:\.\d+)?$/.test(duration)) return `"${duration}" is no duration in milliseconds`;
  const [, method = 'GET', path = ''] = /^(?:([A-Z]{3,16}) )?(\/\S*)$/.exec(route) ?? [];
  if (path === '') return `"${route}" is no route such as GET /api/menu`;
  return { at, method, path, status: Number(status), durationMs: Number(duration), upstream: true, agent: '', tenant };
}

const noMoment = (text: string): string => `"${text}" is no time: write 2026-11-20T22:00:07Z, or seconds since 1970`;

function* rowsOf(lines: Generator<string>): Generator<[line: number, fields: readonly string[]]> {
  let line = 1;
  for (const text of lines) {
    line += 1;
    const row = text.trim();
    if (row !== '') yield [line, fieldsOf(row)];
  }
}

const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;

/** Only what is quoted holds commas; a quote in it is written twice. */
function fieldsOf(row: string): readonly string[] {
  if (!row.includes('"')) return row.split(',');
  return [...row.matchAll(field)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
