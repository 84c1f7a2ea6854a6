import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { balancerFiles } from '../balancer-files.ts';
import { readMaintenance } from './maintenance.ts';
import { pidFile } from './settings.ts';

/** As much of nginx's command line as is needed to drive a balancer: `-p PREFIX -c CONF [-e LOG] -t`, and the same with `-s SIGNAL`. */
const SIGNALS: Readonly<Record<string, NodeJS.Signals>> = { reload: 'SIGHUP', quit: 'SIGTERM', stop: 'SIGTERM' };

/** Returns what there is to say. */
function main(): string | undefined {
  const { values } = parseArgs({
    options: {
      p: { type: 'string', short: 'p' },
      c: { type: 'string', short: 'c' },
      e: { type: 'string', short: 'e' },
      s: { type: 'string', short: 's' },
      t: { type: 'boolean', short: 't' },
      v: { type: 'boolean', short: 'v' },
    },
  });
  if (values.v) return 'nginx-like version: nginx/1.0.0 (the sandbox proxy)';
  if (values.p === undefined) throw new Error('-p PREFIX is missing');
  testConfiguration(values.p, values.c);
  if (values.t) return `configuration file ${values.c ?? 'conf/nginx.conf'} test is successful`;
  if (values.s === undefined) throw new Error('only -t and -s are understood');
  send(values.p, values.s);
  return undefined;
}

function testConfiguration(prefix: string, configuration = 'conf/nginx.conf'): void {
  statSync(resolve(prefix, configuration));
  readMaintenance(balancerFiles(prefix).maintenanceFile);
}

function send(prefix: string, name: string): void {
  const signal = SIGNALS[name];
  if (signal === undefined) throw new Error(`invalid option: "-s ${name}"`);
  const pid = Number(readFileSync(pidFile(prefix), 'utf8'));
  if (!Number.isInteger(pid) || pid < 2) throw new Error(`invalid PID number in ${pidFile(prefix)}`);
  process.kill(pid, signal);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  const said = main();
  if (said !== undefined) say(said);
} catch (error) {
  say(`nginx-like: [emerg] ${(error as Error).message}`);
  process.exitCode = 1;
}
