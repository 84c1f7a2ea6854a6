import type { Version } from '../../model/version.ts';
import { eyesight } from '../samples/eyesight.ts';
import { type HowLong, type Lasting, lasting, type Sighting } from '../samples/lasting.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';

/** Who tells about connections, and what that comes to now. */
export interface Witness {
  readonly name: string;
  readonly trouble: Lasting | undefined;
  /** The newest look that said something; absent where none has. */
  readonly last: number | undefined;
  readonly fresh: boolean;
}

/** Connections to the databases of the version that is expected to run, as two tell of them. */
export interface Connections {
  readonly application: Witness;
  readonly own: Witness;
}

export const databasesOf: Readonly<Record<Version, string>> = {
  unified: 'the unified database',
  legacy: 'the legacy databases',
};

export function connectionsOf(
  version: Version,
  samples: Samples,
  rules: HowLong,
  now: number,
  from: number,
): Connections {
  const { healthEvery, mongoEvery } = samples.limits;
  const witness = (name: string, looks: readonly Sighting[], everyMs: number): Witness => {
    const near = neighbourhood(everyMs);
    const last = looks.at(-1)?.at;
    const fresh = last !== undefined && now - last <= near;
    return { name, trouble: lasting(looks, near, rules).trouble, last, fresh };
  };
  return {
    application: witness('the application', applicationLooks(samples, from), healthEvery),
    own: witness('the mongo probe', ownLooks(version, samples, from, now), mongoEvery),
  };
}

/**
 * rollbackd's own trouble with the databases, where the application has none: an access list, a certificate or a limit of
 * connections keeps out one of them alone, and it is the application that serves users.
 */
export const ownTroubleAlone = ({ application, own }: Connections): Lasting | undefined =>
  application.fresh && !application.trouble && own.fresh ? own.trouble : undefined;

/** What the application says of itself. */
const applicationLooks = ({ health }: Samples, from: number): Sighting[] =>
  health.flatMap(({ at, values }): Sighting[] => {
    const database = at < from ? undefined : values?.application.database;
    if (database === undefined) return [];
    return [sighting(at, database === 'disconnected', 'the application says that it has no database')];
  });

const sighting = (at: number, isBad: boolean, said: string): Sighting => ({
  at,
  end: at,
  found: isBad ? 'bad' : 'good',
  said,
});

/** What rollbackd cannot reach is the server's fault only while rollbackd's own eyesight is well. */
function ownLooks(version: Version, { mongo, control, limits }: Samples, from: number, now: number): Sighting[] {
  const range = neighbourhood(limits.controlEvery);
  return mongo.flatMap((look): Sighting[] => {
    const { at, values } = look;
    if (!values || at < from) return [];
    const reached = values[version];
    if (reached === 'reachable') return [sighting(at, false, '')];
    // A wrong password is rollbackd's own: how the application fares with its own is for the application to say.
    if (reached === 'login-refused') return [];
    if (eyesight(look, control, range, now) !== 'well') return [];
    return [sighting(at, true, `${databasesOf[version]} cannot be reached`)];
  });
}
