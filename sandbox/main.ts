import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.ts';

// node sandbox/main.ts [--rough] [--replica-set] [--documents N]: starts a café to try things on, until ctrl-C.
const { values } = parseArgs({
  options: {
    rough: { type: 'boolean' },
    'replica-set': { type: 'boolean' },
    documents: { type: 'string', default: '20000' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
const started = performance.now();
await using sandbox = await startSandbox({
  temperament: values.rough ? 'rough' : 'tidy',
  mongo: values['replica-set'] ? 'replicaSet' : 'standalone',
  documents: Number(values.documents),
  say,
});
const { tools: _, seed: __, traffic: ___, oracle: ____, mongo, pm2, balancer, ...addresses } = sandbox;
say(
  JSON.stringify(
    {
      ...addresses,
      mongo: { ...mongo, users: undefined, server: undefined },
      pm2: { ...pm2, control: undefined },
      balancer,
    },
    null,
    2,
  ),
);
say(
  `started in ${((performance.now() - started) / 1000).toFixed(1)} s; a fault: curl -d '{"name":"leak"}' ${sandbox.controlUrl}/fault`,
);
await stopped;
