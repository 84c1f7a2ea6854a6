import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemonProcess } from './daemon-process.ts';
import { deadTarget } from './dead-target.ts';
import { eventsOf } from './journal-of.ts';

/** What somebody forgets to catch, anywhere in the process. */
const slips = {
  'a rejection that nobody handles': "void Promise.reject(new Error('a slip of ours'))",
  'an error that nobody catches': "setImmediate(() => { throw new Error('a slip of ours') })",
};

test.each(Object.entries(slips))(
  '%s ends the daemon in good order, and people are told by the next one',
  async (_what, slip) => {
    using target = await deadTarget();
    const preload = join(target.folder, 'slip.mjs');
    writeFileSync(preload, `process.once('SIGUSR2', () => ${slip.replace(/^void /, '')});\n`);
    {
      await using daemon = await startDaemonProcess(target.configFile, { NODE_OPTIONS: `--import ${preload}` });
      await daemon.says('rollbackd watches');
      daemon.kill('SIGUSR2');
      expect(await daemon.ended).toBe(1);
      expect(daemon.errors()).toContain('a slip of ours');
    }
    await using next = await startDaemonProcess(target.configFile);
    await next.says('rollbackd watches');
    await next.stop();
    expect(eventsOf(target.journal, 'message.queued')).toContainEqual(
      expect.objectContaining({
        subject: 'rollbackd met a fault of its own',
        urgency: 'alarmed',
        text: expect.stringContaining('a slip of ours'),
      }),
    );
    expect(eventsOf(target.journal, 'daemon.stopped').map(({ reason }) => reason)).toEqual([
      'a slip of ours',
      'asked to stop',
    ]);
  },
);
