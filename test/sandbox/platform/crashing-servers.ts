import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBalancer } from '../../../sandbox/servers/balancer.ts';
import { startMongod } from '../../../sandbox/servers/mongod.ts';
import { privatePm2 } from '../../../sandbox/servers/pm2.ts';
import { findSlack, startSlack } from '../../../sandbox/servers/slack.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import { createWorkspace } from '../../../sandbox/workspace/workspace.ts';

/** Starts one of each server in a sandbox, tells their pids, and waits to be killed. */
const workspace = await createWorkspace(process.argv[2]);
const tools = await findTools();
const mongod = await startMongod({ workspace, tool: tools.mongod, replicaSet: false });
const appPort = await workspace.freePort();
const balancer = await startBalancer({ workspace, appPort, proxyHealth: true, nginx: tools.nginx });
const pm2 = privatePm2({ workspace, tool: tools.pm2, node: tools.targetNode });
const ecosystem = join(workspace.root, 'ecosystem.config.js');
writeFileSync(join(workspace.root, 'app.js'), 'setInterval(() => {}, 1000);');
writeFileSync(ecosystem, 'module.exports = { apps: [{ name: "app", script: "./app.js" }] };');
await pm2.start(ecosystem);
const found = await findSlack();
const slack = 'program' in found ? [(await startSlack({ workspace, program: found.program })).pid] : [];
const pids = [...slack, mongod.pid, balancer.pid, pm2.daemonPid(), ...(await pm2.list()).map(({ pid }) => pid)];
process.stdout.write(JSON.stringify({ root: workspace.root, pids }));
setInterval(() => {}, 1_000);
