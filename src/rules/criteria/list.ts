import { crossTenantLeak } from './cross-tenant-leak.ts';
import { databaseConnection } from './database-connection.ts';
import { errorRateModerate, errorRateSevere } from './error-rate.ts';
import { featureBreakage } from './feature-breakage.ts';
import { latencyModerate, latencySevere } from './latency.ts';
import { tenantsMissing } from './tenants-missing.ts';
import { unavailable } from './unavailable.ts';

/** Every criterion there is, by tier and within a tier by harm: what does more of it each minute stands first. */
export const criteria = [
  crossTenantLeak,
  unavailable,
  databaseConnection,
  errorRateSevere,
  latencySevere,
  errorRateModerate,
  tenantsMissing,
  featureBreakage,
  latencyModerate,
] as const;

export const criterionNames: readonly string[] = criteria.map(({ name }) => name);
