import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { setStage } from '../sandbox/demo/stage.ts';

// What the daemon costs while nothing happens, beside a Node that does nothing at all.
const settleMs = 10_000;
const measureMs = 60_000;
const ticksPerSecond = 100;

const residentMiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

await using stage = await setStage({ temperament: 'tidy', mongo: 'standalone', daemon: 'armed', pace: 'usual', say });
const daemon = stage.daemon?.pid;
if (daemon === undefined) throw new Error('the daemon does not run');
const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
await once(bare, 'spawn');

async function measure(guarding: number, nothing: number) {
  await pause(settleMs);
  const before = cpuSeconds(guarding);
  await pause(measureMs);
  const share = (cpuSeconds(guarding) - before) / (measureMs / 1_000);
  return { share, daemonMiB: residentMiB(guarding), bareMiB: residentMiB(nothing) };
}

// A daemon that ends meanwhile cannot be read: the bare Node must not outlive that.
const measured = await measure(daemon, bare.pid ?? 0).finally(() => void bare.kill());
const { share, daemonMiB, bareMiB } = measured;
const { data } = await axios.get<string>(stage.metricsUrl, { responseType: 'text' });
for (const line of data
  .split('\n')
  .filter((each) => /^(nodejs_heap_size_used|nodejs_external_memory|process_heap)_bytes/.test(each)))
  say(line);

say(
  `resident: ${daemonMiB.toFixed(0)} MiB, ${(daemonMiB / bareMiB).toFixed(1)} times a bare Node (${bareMiB.toFixed(0)} MiB)`,
);
say(`CPU: ${(share * 100).toFixed(1)} % of one core`);
