import { appendFileSync } from 'node:fs';
import type { ChildLedger } from '../../src/exec/contract.ts';
import { createRunCommand } from '../../src/exec/run-command.ts';
import type { EventBody } from '../../src/model/event.ts';

/** Stands for a daemon in the middle of a step: runs a shell script, journals into a file, and waits to be killed. */
const [journal = '', script = ''] = process.argv.slice(2);
const write = (body: EventBody) => appendFileSync(journal, `${JSON.stringify(body)}\n`);
const ledger: ChildLedger = {
  planned: (child) => write({ kind: 'child.planned', ...child }),
  started: (tag, identity) => write({ kind: 'child.started', tag, ...identity }),
  ended: (tag, outcome) => write({ kind: 'child.ended', tag, outcome }),
};
const run = createRunCommand({ ledger, run: 'run-1', step: 'restore' });
await run(
  { program: '/bin/sh', arguments: ['-c', script], environment: { PATH: '/usr/bin:/bin' }, timeoutMs: 60_000 },
  new AbortController().signal,
);
