import { takeHostLock } from '../../src/journal/host-lock.ts';

// Takes the lock, says so, and keeps it until it is killed.
const [folder = '', target = ''] = process.argv.slice(2);
using lock = takeHostLock({ folder, target });
process.stdout.write(`${process.pid} ${lock.file}\n`);
await new Promise(() => setInterval(() => undefined, 60_000));
