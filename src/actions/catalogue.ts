import type { ActionName } from '../model/plan.ts';
import { freezeDeploys } from './code/freeze-deploys.ts';
import { switchCode } from './code/switch-code.ts';
import { switchDependencies } from './code/switch-dependencies.ts';
import { switchEnvironment } from './code/switch-environment.ts';
import type { Action } from './contract.ts';
import { bringInDatabase } from './prepare/bring-in-database.ts';
import { buildIndexes } from './prepare/build-indexes.ts';
import { checkBackup } from './prepare/check-backup.ts';
import { checkDisk } from './prepare/check-disk.ts';
import { checkLegacyEnvironment } from './prepare/check-legacy-environment.ts';
import { checkRoom } from './prepare/check-room.ts';
import { checkSwitch } from './prepare/check-switch.ts';
import { checkTarget } from './prepare/check-target.ts';
import { saveChanges } from './prepare/save-changes.ts';
import { stageCode } from './prepare/stage-code.ts';
import { stageDependencies } from './prepare/stage-dependencies.ts';
import { tryLegacySnapshot, tryUnifiedSnapshot } from './prepare/try-snapshot.ts';
import { mergeCollections } from './restore/merge-collections.ts';
import { restoreDatabase } from './restore/restore-database.ts';
import { snapshotLegacy } from './restore/snapshot-legacy.ts';
import { forgoUnifiedSnapshot, snapshotUnified } from './restore/snapshot-unified.ts';
import { verifyDatabase } from './restore/verify-database.ts';
import { awaitLiveness } from './start/await-liveness.ts';
import { checkStartupLogs } from './start/check-startup-logs.ts';
import { startApplication } from './start/start-application.ts';
import { proveFence } from './stop/prove-fence.ts';
import { showMaintenance } from './stop/show-maintenance.ts';
import { stopApplication } from './stop/stop-application.ts';
import { checkErrorLog } from './verify/check-error-log.ts';
import { checkResponseTime } from './verify/check-response-time.ts';
import { enableTraffic } from './verify/enable-traffic.ts';
import { functionalTests } from './verify/functional-tests.ts';
import { proveDatabaseInUse } from './verify/prove-database-in-use.ts';
import { removeStaging } from './verify/remove-staging.ts';
import { smokeTest } from './verify/smoke-test.ts';

/** Every action there is, by the name that plans and the journal use. */
export const actions: Readonly<Record<ActionName, Action>> = {
  'check-disk': checkDisk,
  'check-backup': checkBackup,
  'check-legacy-environment': checkLegacyEnvironment,
  'stage-code': stageCode,
  'stage-dependencies': stageDependencies,
  'check-switch': checkSwitch,
  'save-changes': saveChanges,
  'check-room': checkRoom,
  'check-target': checkTarget,
  'try-unified-snapshot': tryUnifiedSnapshot,
  'try-legacy-snapshot': tryLegacySnapshot,
  'bring-in-database': bringInDatabase,
  'build-indexes': buildIndexes,
  'stop-application': stopApplication,
  'show-maintenance': showMaintenance,
  'prove-fence': proveFence,
  'snapshot-unified': snapshotUnified,
  'forgo-unified-snapshot': forgoUnifiedSnapshot,
  'snapshot-legacy': snapshotLegacy,
  'restore-database': restoreDatabase,
  'merge-collections': mergeCollections,
  'verify-database': verifyDatabase,
  'switch-code': switchCode,
  'switch-dependencies': switchDependencies,
  'switch-environment': switchEnvironment,
  'start-application': startApplication,
  'await-liveness': awaitLiveness,
  'check-startup-logs': checkStartupLogs,
  'prove-database-in-use': proveDatabaseInUse,
  'functional-tests': functionalTests,
  'enable-traffic': enableTraffic,
  'smoke-test': smokeTest,
  'check-error-log': checkErrorLog,
  'check-response-time': checkResponseTime,
  'freeze-deploys': freezeDeploys,
  'remove-staging': removeStaging,
};
