import type { Rule } from '../rule.ts';
import { clearBelowAbove } from './clear-below-above.ts';
import { criticalApprovers } from './critical-approvers.ts';
import { databaseTenants } from './database-tenants.ts';
import { distinctDatabases } from './distinct-databases.ts';
import { distinctPeople } from './distinct-people.ts';
import { distinctTenants } from './distinct-tenants.ts';
import { escalation } from './escalation.ts';
import { exactDatabaseNames } from './exact-database-names.ts';
import { featureWindows } from './feature-windows.ts';
import { guardUntil } from './guard-until.ts';
import { harmlessRequests } from './harmless-requests.ts';
import { journeyNames } from './journey-names.ts';
import { journeyTenants } from './journey-tenants.ts';
import { journeyVariables } from './journey-variables.ts';
import { journeyWrites } from './journey-writes.ts';
import { knownDatabases } from './known-databases.ts';
import { leakWindow } from './leak-window.ts';
import { legacyEnvFile } from './legacy-env-file.ts';
import { legacyEnvironment } from './legacy-environment.ts';
import { legacyHomes } from './legacy-homes.ts';
import { legacyRef } from './legacy-ref.ts';
import { legacyRoutes } from './legacy-routes.ts';
import { logins } from './logins.ts';
import { mergedCollections } from './merged-collections.ts';
import { moderateBelowSevere } from './moderate-below-severe.ts';
import { noUnifiedWrites } from './no-unified-writes.ts';
import { processNames } from './process-names.ts';
import { prometheusNames } from './prometheus-names.ts';
import { requestWindows } from './request-windows.ts';
import { reservedDatabaseNames } from './reserved-database-names.ts';
import { restorerRights } from './restorer-rights.ts';
import { routeNames } from './route-names.ts';
import { separateFolders } from './separate-folders.ts';
import { slackDoor } from './slack-door.ts';
import { slackPeople } from './slack-people.ts';
import { slackPort } from './slack-port.ts';
import { slackTokens } from './slack-tokens.ts';
import { slackTransport } from './slack-transport.ts';
import { socketPath } from './socket-path.ts';
import { tenantDatabases } from './tenant-databases.ts';
import { testDocumentMark } from './test-document-mark.ts';
import { twoAddresses } from './two-addresses.ts';
import { unifiedName } from './unified-name.ts';
import { watchDuration } from './watch-duration.ts';
import { withinLonger } from './within-longer.ts';

/** Every rule that looks at more than one key. */
export const rules: readonly Rule[] = [
  clearBelowAbove,
  criticalApprovers,
  databaseTenants,
  distinctDatabases,
  distinctPeople,
  distinctTenants,
  escalation,
  exactDatabaseNames,
  featureWindows,
  guardUntil,
  harmlessRequests,
  journeyNames,
  journeyTenants,
  journeyVariables,
  journeyWrites,
  knownDatabases,
  leakWindow,
  legacyEnvFile,
  legacyEnvironment,
  legacyHomes,
  legacyRef,
  legacyRoutes,
  logins,
  mergedCollections,
  moderateBelowSevere,
  noUnifiedWrites,
  processNames,
  prometheusNames,
  requestWindows,
  reservedDatabaseNames,
  restorerRights,
  routeNames,
  separateFolders,
  slackDoor,
  slackPeople,
  slackPort,
  slackTokens,
  slackTransport,
  socketPath,
  tenantDatabases,
  testDocumentMark,
  twoAddresses,
  unifiedName,
  watchDuration,
  withinLonger,
];
