import type { MongoValues } from '../../model/observation.ts';
import { type Fact, known, unknown } from '../guards/facts.ts';
import { neighbourhood } from './limits.ts';
import type { Windows } from './windows.ts';

/** What the databases said last, unless that is too long ago to count. */
export function mongoHealth({ mongo, limits }: Windows, now: number): Fact<MongoValues> {
  const last = mongo.at(-1);
  if (!last) return unknown('the databases have not been looked at yet');
  if (now - (last.at + last.tookMs) > neighbourhood(limits.mongoEvery))
    return unknown('the last look at the databases is too old');
  return last.values ? known(last.values) : unknown(last.reason);
}
