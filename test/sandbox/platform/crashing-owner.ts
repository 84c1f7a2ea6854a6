import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { createWorkspace } from '../../../sandbox/workspace/workspace.ts';

/** Makes a sandbox with one server that has a child, tells their pids, and waits to be killed. */
const workspace = await createWorkspace(process.argv[2]);
// The child is of the server's session and outlives it; only the server is registered.
const server = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 61'], {
  cwd: workspace.root,
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [told] = (await once(server.stdout, 'data')) as [Buffer];
const identity = server.pid === undefined ? undefined : processIdentity(server.pid);
if (identity === undefined) throw new Error('the server ended at once');
workspace.registerProcess({ ...identity, what: 'server' });
process.stdout.write(JSON.stringify({ root: workspace.root, pids: [identity.pid, Number(told)] }));
setInterval(() => {}, 1_000);
