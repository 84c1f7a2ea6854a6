import type { TargetConfig } from '../probes/schema.ts';

/** Tenants that the legacy system knows: one that joined after the cut-over has nothing there to be asked for. */
export const servedTenants = ({ tenants }: TargetConfig): TargetConfig['tenants'] =>
  tenants.filter(({ legacyDatabase }) => legacyDatabase !== 'none');
