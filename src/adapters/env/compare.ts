import { dialledHost } from '../../core/host-name.ts';
import { mayBeOneMachine } from '../host/kernel-address.ts';
import type { DatabaseAddress } from './contract.ts';

export interface UnifiedDatabase {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What a driver uses when the URI names no database. */
const defaultDatabase = 'test';
const placeholder = '{tenant}';

/** Whether two hosts may be one machine; true where that cannot be found out. */
export type OneMachine = (one: string, other: string) => Promise<boolean>;

/**
 * Reasons why addresses lead to the unified database; none where all of them lead elsewhere. MongoDB refuses two databases whose names
 * differ only in case, so case is ignored. Where name and port are the same, the network is asked whether the hosts are; what it cannot tell
 * counts as the unified one.
 */
export async function pointsAtUnified(
  addresses: readonly DatabaseAddress[],
  unified: UnifiedDatabase,
  tenantSlugs: readonly string[],
  oneMachine: OneMachine = mayBeOneMachine,
): Promise<string[]> {
  const reasons: string[] = [];
  for (const address of addresses) {
    if (tenantSlugs.length === 0 && hasPlaceholder(address)) {
      reasons.push(`${address.variable} depends on the tenant, and no tenant is known`);
      continue;
    }
    for (const { hosts, database, tenant } of variantsOf(address, tenantSlugs)) {
      if (database.toLowerCase() !== unified.database.toLowerCase()) continue;
      const host = await firstUnified(hosts, unified, oneMachine);
      if (host === undefined) continue;
      const forTenant = tenant === undefined ? '' : ` for tenant ${tenant}`;
      reasons.push(
        `${address.variable} may resolve to the unified database ${unified.database} on ${host}${forTenant}`,
      );
    }
  }
  return reasons;
}

async function firstUnified(hosts: readonly string[], unified: UnifiedDatabase, oneMachine: OneMachine) {
  for (const host of hosts) if (await mayBe(host, unified, oneMachine)) return host;
  return undefined;
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

async function mayBe(host: string, unified: UnifiedDatabase, oneMachine: OneMachine): Promise<boolean> {
  const socketPort = /mongodb-(\d+)\.sock$/.exec(host)?.[1];
  if (socketPort !== undefined) {
    return Number(socketPort) === unified.port && sameHost('localhost', unified.host, oneMachine);
  }
  const [, name, port] = /^(.*):(\d+)$/.exec(host) ?? [];
  if (name === undefined) return true;
  return Number(port) === unified.port && sameHost(name, unified.host, oneMachine);
}

async function sameHost(one: string, other: string, oneMachine: OneMachine): Promise<boolean> {
  const [first, second] = [dialledHost(one), dialledHost(other)];
  return first === second || oneMachine(first, second);
}
