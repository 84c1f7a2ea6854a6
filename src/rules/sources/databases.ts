import type { MongoValues } from '../../model/observation.ts';
import { type DatabasesNow, type Fact, known, unknown } from '../guards/facts.ts';
import { eyesight } from '../samples/eyesight.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';

/**
 * What the databases said last, unless that is too long ago to count. After trouble of the legacy side it says how long
 * ago it came back, until the application has had the time to recover: as long as the trouble lasted, at most `settleMs`.
 */
export function mongoHealth(samples: Samples, settleMs: number, now: number): Fact<DatabasesNow> {
  const { mongo, limits } = samples;
  const last = mongo.at(-1);
  if (!last) return unknown('the databases have not been looked at yet');
  // Where the server hangs the next look may take as long as the last.
  if (now - (last.at + last.tookMs) > neighbourhood(limits.mongoEvery) + last.tookMs)
    return unknown('the last look at the databases is too old');
  if (!last.values) return unknown(last.reason);
  const settling = recoveries(samples, now)
    .map(({ at, lastedMs }) => ({ legacyBackForMs: last.at - at, settleMs: Math.min(settleMs, lastedMs) }))
    .find((each) => each.legacyBackForMs < each.settleMs);
  return known({ ...last.values, ...(settling && { settling }) });
}

interface Recovery {
  readonly at: number;
  /** From the first look in a row that found trouble to the last: nothing where it was a single one. */
  readonly lastedMs: number;
}

/** Whenever the legacy side came back. What fails again and again is let recover once, and holds nothing up without end. */
function recoveries({ mongo, control, limits }: Samples, now: number): Recovery[] {
  const range = neighbourhood(limits.controlEvery);
  const found: Recovery[] = [];
  let trouble: { readonly from: number; readonly to: number } | undefined;
  for (const look of mongo) {
    if (!look.values) continue;
    if (!isLegacyWell(look.values)) {
      if (eyesight(look, control, range, now) === 'well') trouble = { from: trouble?.from ?? look.at, to: look.at };
    } else if (trouble) {
      found.push({ at: look.at, lastedMs: trouble.to - trouble.from });
      trouble = undefined;
    }
  }
  return found;
}

const isLegacyWell = ({ legacy, legacyWritable }: MongoValues): boolean => legacy === 'reachable' && legacyWritable;
