import type { DatabaseAddress } from './contract.ts';

export interface UnifiedDatabase {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What a driver uses when the URI names no database. */
const defaultDatabase = 'test';
const placeholder = '{tenant}';

/**
 * Reasons why addresses lead to the unified database; none where all of them lead elsewhere. MongoDB refuses two databases whose names
 * differ only in case, so case is ignored. A host that cannot be compared without asking the network counts as the unified one.
 */
export function pointsAtUnified(
  addresses: readonly DatabaseAddress[],
  unified: UnifiedDatabase,
  tenantSlugs: readonly string[],
): string[] {
  return addresses.flatMap((address) => {
    if (tenantSlugs.length === 0 && hasPlaceholder(address)) {
      return [`${address.variable} depends on the tenant, and no tenant is known`];
    }
    return variantsOf(address, tenantSlugs).flatMap(({ hosts, database, tenant }) => {
      const host = hosts.find((candidate) => mayBe(candidate, unified));
      if (host === undefined || database.toLowerCase() !== unified.database.toLowerCase()) return [];
      const forTenant = tenant === undefined ? '' : ` for tenant ${tenant}`;
      return [`${address.variable} resolves to the unified database ${unified.database} on ${host}${forTenant}`];
    });
  });
}

interface Variant {
  readonly hosts: readonly string[];
  readonly database: string;
  readonly tenant?: string;
}

const hasPlaceholder = ({ hosts, database }: DatabaseAddress): boolean =>
  [database, ...hosts].some((part) => part.includes(placeholder));

function variantsOf(address: DatabaseAddress, slugs: readonly string[]): Variant[] {
  const { hosts } = address;
  const name = address.database === '' ? defaultDatabase : address.database;
  if (!hasPlaceholder(address)) return [{ hosts, database: name }];
  return slugs.map((tenant) => ({
    hosts: hosts.map((host) => host.replaceAll(placeholder, tenant)),
    database: name.replaceAll(placeholder, tenant),
    tenant,
  }));
}

function mayBe(host: string, unified: UnifiedDatabase): boolean {
  const socketPort = /mongodb-(\d+)\.sock$/.exec(host)?.[1];
  if (socketPort !== undefined) return isLoopback(canonicalHost(unified.host)) && Number(socketPort) === unified.port;
  const [, name, port] = /^(.*):(\d+)$/.exec(host) ?? [];
  if (name === undefined) return true;
  return Number(port) === unified.port && sameHost(canonicalHost(name), canonicalHost(unified.host));
}

const sameHost = (one: string, other: string): boolean => one === other || (isLoopback(one) && isLoopback(other));

/** As a URL parser writes it: lower case, `127.1` and the long forms of IPv6 spelled the one way. */
function canonicalHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`;
  return URL.canParse(url) ? new URL(url).hostname : bare.toLowerCase();
}

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(host);
