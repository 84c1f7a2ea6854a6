import { expect, it } from 'vitest';
import { follow } from '../../src/cli/follow.ts';
import { status } from '../../src/commands/status/status.ts';
import type { EventBody } from '../../src/model/event.ts';
import { rollbackFailed, rolledBack, rollingBack, stage } from '../commands/fixture.ts';

/** Each look at the run finds it one event further. */
function moving(events: readonly EventBody[]) {
  const { context, memory } = stage({ past: rollingBack() });
  const rest = events.slice(rollingBack().length);
  const out: string[] = [];
  const client = {
    status: async () => {
      const view = await status(context);
      memory.append(...rest.splice(0));
      return view;
    },
  };
  const terminal = {
    environment: {},
    write: (text: string) => void out.push(text),
    writeError: () => {},
    setExitCode: () => {},
    signal: new AbortController().signal,
    onHangup: () => {},
    onFault: () => {},
  };
  return { done: follow(client, 'run-9', terminal), out };
}

it('tells each step once, and returns when all have succeeded', async () => {
  const { done, out } = moving(rolledBack());
  await done;
  expect(out).toEqual(['  done        1.2s  Stop the application\n', '  done        1.2s  Switch the code\n']);
});

it('fails with the run, and says what failed', async () => {
  const { done, out } = moving(rollbackFailed());
  await expect(done).rejects.toMatchObject({ reason: 'run-failed', message: 'run-9 has failed: switch-code: locked' });
  expect(out.at(-1)).toBe('  FAILED       7ms  Switch the code: locked\n');
});
