import { once } from 'node:events';
import { balancerFiles } from '../balancer-files.ts';
import { createProxy } from './server.ts';
import { readProxySettings } from './settings.ts';

const prefix = process.argv[2];
if (prefix === undefined) throw new Error('usage: main.ts PREFIX');
const { maintenanceFile, accessLog } = balancerFiles(prefix);
const settings = readProxySettings(prefix);
const server = createProxy({ ...settings, accessLog, maintenanceFile });
server.listen(settings.port, '127.0.0.1');
await once(server, 'listening');
