import { dialledHost } from '../../core/host-name.ts';
import type { ServerIdentity } from './contract.ts';
import type { MongoConfig } from './schema.ts';

type Servers = Pick<MongoConfig, 'unified' | 'legacy'>;

/** Whether both sides are configured as one server. Two addresses are no proof of two servers. */
export function oneAddress({ unified, legacy }: Servers): boolean {
  const oneSet = unified.replicaSet !== undefined && unified.replicaSet === legacy.replicaSet;
  return oneSet || (unified.port === legacy.port && dialledHost(unified.host) === dialledHost(legacy.host));
}

/** Whether both sides are written alike, so that one set of users serves both: two addresses may still be one server. */
export const isOneServer = ({ unified, legacy }: Servers): boolean =>
  unified.host.toLowerCase() === legacy.host.toLowerCase() && unified.port === legacy.port;

/** Undefined where the two cannot hold the same data; else why that is not certain. */
export function whyMaybeOneServer(one: ServerIdentity, other: ServerIdentity): string | undefined {
  if (one.process === other.process) return 'both addresses lead to the same mongod';
  if (one.router || other.router) return 'behind a mongos it cannot be told which servers hold the data';
  if (one.replicaSet !== undefined && one.replicaSet === other.replicaSet) {
    return `both are members of a replica set called ${one.replicaSet}`;
  }
  return undefined;
}

/** Undefined where what is read on the one side is certainly what is written on the other; else why that is not certain. */
export const whyMaybeTwoServers = (one: ServerIdentity, other: ServerIdentity): string | undefined =>
  one.process === other.process ? undefined : 'the two connections lead to two servers';
