import { systemClock } from '../../src/core/clock.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { EventBody, EventKind, EventOf } from '../../src/model/event.ts';
import type { GuardedCafe } from './guarded-cafe.ts';

export async function endDaemon({ daemon }: GuardedCafe): Promise<void> {
  daemon.kill('SIGTERM');
  const code = await daemon.ended;
  if (code !== 0) throw new Error(`rollbackd ended with ${code} when it was asked to end`);
}

/** Everything that the daemon, which has ended, wrote down. */
export function journalled<K extends EventKind>(journal: string, ...kinds: readonly K[]): EventOf<K>[] {
  using opened = openJournal({ file: journal, clock: systemClock });
  const isWanted = (body: EventBody): body is EventOf<K> => (kinds as readonly EventKind[]).includes(body.kind);
  return [...opened.read()].map(({ body }) => body).filter(isWanted);
}
