import type { Version } from '../../model/version.ts';
import type { RulesConfig } from '../schema.ts';
import { type Failing, failingOf, type Look } from './failing.ts';
import { neighbourhood } from './limits.ts';
import { eyesight } from './sights.ts';
import type { Windows } from './windows.ts';

/** Who tells about connections, and what that comes to now. */
export interface Witness {
  readonly name: string;
  readonly trouble: Failing | undefined;
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
  windows: Windows,
  rules: RulesConfig['database-connection'],
  now: number,
  from = 0,
): Connections {
  const { healthEvery, mongoEvery } = windows.limits;
  const witness = (name: string, looks: readonly Look[], everyMs: number): Witness => {
    const near = neighbourhood(everyMs);
    const last = looks.at(-1)?.at;
    const fresh = last !== undefined && now - last <= near;
    return { name, trouble: failingOf(looks, { near, ...rules }), last, fresh };
  };
  return {
    application: witness('the application', applicationLooks(windows, from), healthEvery),
    own: witness('the mongo probe', ownLooks(version, windows, from, now), mongoEvery),
  };
}

/**
 * rollbackd's own trouble with the databases, where the application has none: an access list, a certificate or a limit of
 * connections keeps out one of them alone, and it is the application that serves users.
 */
export const ownTroubleAlone = ({ application, own }: Connections): Failing | undefined =>
  application.fresh && !application.trouble && own.fresh ? own.trouble : undefined;

/** What the application says of itself. */
const applicationLooks = ({ health }: Windows, from: number): Look[] =>
  health.flatMap(({ at, values }): Look[] => {
    const database = at < from ? undefined : values?.application.database;
    if (database === undefined) return [];
    return [{ at, failing: database === 'disconnected', said: 'the application says that it has no database' }];
  });

/** What rollbackd cannot reach is the server's fault only while rollbackd's own eyesight is well. */
function ownLooks(version: Version, { mongo, control, limits }: Windows, from: number, now: number): Look[] {
  const range = neighbourhood(limits.controlEvery);
  return mongo.flatMap((look): Look[] => {
    const { at, values } = look;
    if (!values || at < from) return [];
    const reached = values[version];
    if (reached === 'reachable') return [{ at, failing: false, said: '' }];
    // A wrong password is rollbackd's own: how the application fares with its own is for the application to say.
    if (reached === 'login-refused') return [];
    if (eyesight(look, control, range, now) !== 'well') return [];
    return [{ at, failing: true, said: `${databasesOf[version]} cannot be reached` }];
  });
}
