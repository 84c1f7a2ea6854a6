import { open } from 'node:fs/promises';
import { lineParser } from '../../adapters/access-log/parse-line.ts';
import type { AccessLogConfig } from '../../adapters/traffic/schema.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { Look } from './look.ts';

const tail = 64 * 1024;

/** That real requests can be read: without them errors and latency of users are not seen. */
export const accessLog: Look = async ({ settings }) => {
  const config = settings.traffic.accessLog;
  if (!config) return [];
  const found = await readTail(config);
  return found === undefined ? [] : [found];
};

async function readTail(config: AccessLogConfig): Promise<Obstacle | undefined> {
  const what = `traffic.accessLog.file ${config.file}`;
  try {
    await using file = await open(config.file);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tail), 0, tail, Math.max(0, size - tail));
    // Neither the first line, which may be cut, nor what comes after the last end.
    const lines = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .slice(size > tail ? 1 : 0, -1);
    const parse = lineParser(config);
    if (lines.length === 0 || lines.some((line) => parse(line) !== undefined)) return undefined;
    const mend = 'use the log_format of deploy/nginx/rollbackd-log.conf there, or correct traffic.accessLog.format';
    return { what: `${what}: none of its last ${lines.length} lines has the format ${config.format}`, mend };
  } catch (error) {
    const mend = "write the log there, and let rollbackd's user read it (docs/permissions.md)";
    return { what: `${what} cannot be read (${(error as NodeJS.ErrnoException).code})`, mend };
  }
}
