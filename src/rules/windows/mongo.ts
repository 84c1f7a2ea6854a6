import type { MongoValues } from '../../model/observation.ts';
import { type DatabasesNow, type Fact, known, unknown } from '../guards/facts.ts';
import { failingOf } from './failing.ts';
import { neighbourhood } from './limits.ts';
import type { MongoLook, Windows } from './windows.ts';

/**
 * What the databases said last, unless that is too long ago to count. After trouble of the legacy side it says for how
 * long it has been well again, until that is `settleMs`.
 */
export function mongoHealth({ mongo, limits }: Windows, settleMs: number, now: number): Fact<DatabasesNow> {
  const last = mongo.at(-1);
  if (!last) return unknown('the databases have not been looked at yet');
  if (now - (last.at + last.tookMs) > neighbourhood(limits.mongoEvery))
    return unknown('the last look at the databases is too old');
  if (!last.values) return unknown(last.reason);
  const legacyWellForMs = legacyTrouble(mongo, neighbourhood(limits.mongoEvery), settleMs)?.fineMs;
  return known({ ...last.values, ...(legacyWellForMs !== undefined && { settling: { legacyWellForMs, settleMs } }) });
}

function legacyTrouble(mongo: readonly MongoLook[], near: number, settleMs: number) {
  const looks = mongo.flatMap(({ at, values }) => (values ? [{ at, failing: !isLegacyWell(values), said: '' }] : []));
  return failingOf(looks, { near, after: settleMs, clearAfter: settleMs });
}

const isLegacyWell = ({ legacy, legacyWritable }: MongoValues): boolean => legacy === 'reachable' && legacyWritable;
