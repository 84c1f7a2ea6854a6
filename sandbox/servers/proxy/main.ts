import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { balancerFiles } from '../balancer-files.ts';
import { readMaintenance } from './maintenance.ts';
import { createProxy } from './server.ts';
import { pidFile, readProxySettings } from './settings.ts';

const prefix = process.argv[2];
if (prefix === undefined) throw new Error('usage: main.ts PREFIX');
const { maintenanceFile, accessLog } = balancerFiles(prefix);
const settings = readProxySettings(prefix);
let maintenance = readMaintenance(maintenanceFile);

// A reload with a broken file keeps what was in force, as nginx does.
process.on('SIGHUP', () => {
  try {
    maintenance = readMaintenance(maintenanceFile);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
  }
});
const server = createProxy({ ...settings, accessLog, maintenance: () => maintenance });
// Before it answers: whoever sees it answering may send a reload.
writeFileSync(pidFile(prefix), `${process.pid}\n`);
server.listen(settings.port, '127.0.0.1');
await once(server, 'listening');
