import { join } from 'node:path';
import { noJournal } from '../../src/adapters/mongo/its-journal.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type OpenWorld, openWorld } from '../../src/engine/open-world.ts';
import { type MongoFixture, startMongo, UNIFIED } from '../adapters/mongo/mongo-fixture.ts';
import type { SettingsInput } from './settings.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

/** Two real servers with authentication and the same users on both. */
export interface TwoServers extends AsyncDisposable {
  readonly unified: MongoFixture;
  readonly legacy: MongoFixture;
}

export async function startTwoServers(): Promise<TwoServers> {
  await using stack = new AsyncDisposableStack();
  const [unified, legacy] = await Promise.all([startMongo(), startMongo()]);
  stack.use(unified);
  stack.use(legacy);
  const { observer, dumper, restorer } = unified.users;
  for (const { user, password } of [observer, dumper, restorer]) {
    await legacy.admin.db('admin').command({ updateUser: user, pwd: password });
  }
  const roles = [{ role: 'readWrite', db: UNIFIED }];
  await legacy.admin.db('admin').command({ grantRolesToUser: restorer.user, roles });
  const owned = stack.move();
  return { unified, legacy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export interface OnServers extends AsyncDisposable {
  readonly target: Target;
  readonly open: OpenWorld;
}

type Wanted = Partial<SettingsInput['mongo']> & { readonly backup?: string };

/** A café of plain objects, but for its databases, the tools and the backup: those are real. */
export function cafeOn({ unified, legacy }: TwoServers, { backup, ...mongo }: Wanted = {}): OnServers {
  const { observer, dumper, restorer } = unified.users;
  const target = openTarget({
    mongo: {
      unified: { ...unified.config.unified },
      legacy: { ...legacy.config.legacy },
      users: { observer, dumper, restorer },
      tools: legacy.config.tools,
      operationTimeout: '2s',
      ...mongo,
    },
  });
  const ledger = { planned: () => {}, started: () => {}, ended: () => {} };
  const open = openWorld(
    { ...target.settings, backup: { path: backup ?? join(target.folder, 'backup') }, migration: { cutoverAt: 0 } },
    {
      clock: systemClock,
      ledger,
      holder: 'test',
      journal: noJournal,
      passwordFolder: join(target.folder, 'passwords'),
    },
  );
  const {
    unified: first,
    legacy: second,
    tools,
    indexes,
    scanBackup,
    whyNotUnique,
  } = open.worldFor({ run: 'run-1', step: 'step' });
  Object.assign(target.world, { unified: first, legacy: second, tools, indexes, scanBackup, whyNotUnique });
  return {
    target,
    open,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      target[Symbol.dispose]();
    },
  };
}
