import { formatDuration } from '../../core/duration.ts';
import { never } from '../../core/errors.ts';
import type { GuardResult } from '../../model/guard.ts';
import type { Criterion } from '../criteria/criterion.ts';
import type { DatabasesNow, GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** A rollback replaces code and data; where the server underneath is at fault it would only add to the trouble. */
export function judgeWouldHelp({ mongo }: GuardFacts, mends: Criterion['mends']): GuardResult {
  if (!mongo.known) return failed('would-help', `the databases could not be looked at: ${mongo.reason}`);
  const legacy = legacyFault(mongo.value);
  const unified = unifiedFault(mongo.value);
  if (legacy) return failed('would-help', unified ? `${unified}; ${legacy}` : legacy);
  // A leak is no consequence of trouble that is just over; everything else may be, and gets the time to end by itself.
  if (mends !== 'isolation' && mongo.value.settling) return failed('would-help', settled(mongo.value.settling));
  switch (mends) {
    case 'isolation':
      return passed('would-help', 'the legacy databases are reachable and writable, and keep tenants apart');
    case 'connection':
      if (mongo.value.unified === 'login-refused') return failed('would-help', unified ?? '');
      return passed('would-help', unified ? elsewhere(unified) : atTheApplication);
    case 'code':
      return passed(
        'would-help',
        unified
          ? elsewhere(unified)
          : 'the database server is well: the fault is in the application, which a rollback replaces',
      );
    default:
      return never(mends);
  }
}

const atTheApplication =
  'mongod answers rollbackd: the fault is in how the application connects to it (address, password, pool, network)';
const elsewhere = (unified: string): string => `${unified}, but the legacy databases are reachable and writable`;

function legacyFault({ legacy, legacyWritable }: DatabasesNow): string | undefined {
  if (legacy === 'unreachable') return 'the legacy databases are unreachable: ask the database administrator';
  if (legacy === 'login-refused') return 'the legacy databases refuse the login: a configuration fault, not a rollback';
  return legacyWritable ? undefined : 'the legacy databases do not accept writes: ask the database administrator';
}

function unifiedFault({ unified }: DatabasesNow): string | undefined {
  if (unified === 'reachable') return undefined;
  return unified === 'unreachable'
    ? 'the unified database is unreachable: the server is at fault, ask the database administrator'
    : 'the unified database refuses the login: a configuration fault';
}

const settled = ({ legacyBackForMs, settleMs }: NonNullable<DatabasesNow['settling']>): string =>
  `the legacy databases came back only ${formatDuration(legacyBackForMs)} ago: the application has ` +
  `${formatDuration(settleMs)} to recover by itself`;
