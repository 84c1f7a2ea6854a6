import { mainDatabase } from '../seed/create-seed.ts';
import type { Temperament } from '../seed/seed.ts';

/** config/site.json of the application: how this installation grew. */
export interface CafeSite {
  readonly legacyHealth: boolean;
  readonly mainDatabase: string | null;
  readonly listsNeedLogin: boolean;
  readonly loginLimit: { readonly max: number; readonly windowMs: number } | null;
  readonly settingsRoute: boolean;
  readonly logs: 'plain' | 'mixed';
  /** Null: the driver's own 30 seconds. */
  readonly databaseTimeoutMs: number | null;
  readonly outage: 'exit' | 'hang';
}

export function cafeSite(temperament: Temperament): CafeSite {
  const tidy = temperament === 'tidy';
  return {
    legacyHealth: tidy,
    mainDatabase: tidy ? null : mainDatabase,
    listsNeedLogin: !tidy,
    loginLimit: tidy ? null : { max: 5, windowMs: 3 * 60_000 },
    settingsRoute: !tidy,
    logs: tidy ? 'plain' : 'mixed',
    databaseTimeoutMs: tidy ? 2_000 : null,
    outage: tidy ? 'exit' : 'hang',
  };
}
