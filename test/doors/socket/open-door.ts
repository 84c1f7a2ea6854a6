import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../../../src/commands/context.ts';
import type { PeopleConfig } from '../../../src/doors/schema.ts';
import { connectTo, type SocketClient } from '../../../src/doors/socket/client.ts';
import { openSocketDoor, type SocketDoor } from '../../../src/doors/socket/server.ts';
import type { JournalEvent } from '../../../src/model/event.ts';
import { stage } from '../../commands/fixture.ts';

export interface OpenDoor extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly nonces: string;
  readonly door: SocketDoor;
  readonly client: SocketClient;
}

export const myUid = process.geteuid?.() ?? 0;
export const me: PeopleConfig = [{ name: 'ana', roles: ['senior-engineer'], uid: myUid }];

/** A real server on a real Unix socket in a folder of its own. */
export async function openDoor(
  context: CommandContext = stage().context,
  people: PeopleConfig = me,
  group?: string,
  events: readonly JournalEvent[] = [],
): Promise<OpenDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbackd-door-'));
  const path = join(folder, 'rollbackd.sock');
  const nonces = join(folder, 'nonces');
  const settings = { path, nonceFolder: nonces, ...(group && { group }) };
  const world = { people: () => people, context: () => context, events: () => events };
  const door = await openSocketDoor({ settings, ...world }).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    folder,
    path,
    nonces,
    door,
    client: connectTo(path, new AbortController().signal),
    [Symbol.asyncDispose]: async () => {
      await door[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
