import { never } from '../../core/errors.ts';
import { logFormatOf, readAccessLog } from './access-log.ts';
import { readCsv, requestHeader, valueHeader } from './csv.ts';
import { type InputFormat, inputFormats, type Looks, type Reading } from './input.ts';
import { beginningOf, unreadable } from './lines.ts';
import { jsonOf, readObservations } from './observations.ts';
import { readPrometheus } from './prometheus.ts';
import { readRecorder } from './recorded.ts';

/** The input as looks of probes. Errors: RollbackdError with reason `input` or `recorder`. */
export function openInput(reading: Reading, given?: InputFormat): Looks {
  const lines = firstLines(reading.file);
  const format = given ?? recognise(reading.file, lines);
  switch (format) {
    case 'recorder':
      return readRecorder(reading);
    case 'observations':
      return readObservations(reading);
    case 'access-log':
      return readAccessLog(reading, logFormatIn(lines) ?? reading.requests.traffic.accessLog?.format ?? 'json');
    case 'csv':
      return readCsv(reading);
    case 'prometheus':
      return readPrometheus(reading);
    default:
      return never(format);
  }
}

/** As the content says, whatever the file is called. */
function recognise(file: string, lines: readonly string[]): InputFormat {
  const [first = ''] = lines;
  if (first.startsWith('SQLite format 3')) return 'recorder';
  const header = jsonOf(first);
  if (typeof header === 'object' && header !== null && 'rollbackd' in header) return 'observations';
  const columns = first
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase();
  if (columns === valueHeader || columns === requestHeader) return 'csv';
  if (/^\s*\{/.test(first) && lines.join('').includes('"resultType"')) return 'prometheus';
  if (logFormatIn(lines)) return 'access-log';
  throw unreadable(file, `what it is cannot be told from how it begins: none of ${inputFormats.join(', ')}`);
}

/** A log may begin in the middle of a line, or with one that is damaged. */
const logFormatIn = (lines: readonly string[]) => lines.map(logFormatOf).find((format) => format !== undefined);

const firstLines = (file: string): string[] => beginningOf(file).toString('utf8').split('\n').slice(0, 100);
