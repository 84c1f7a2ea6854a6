import type { Document } from 'mongodb';
import { createTenantOf } from '../seed/tenant-of.ts';
import { type Answer, ask } from '../traffic/ask.ts';
import { createOrder } from '../traffic/create-order.ts';
import type { OracleCase } from './case.ts';
import { trafficPrefix } from './documents.ts';
import { createOwners, readMenu, type ServedItem, seedMenus } from './menus.ts';

const PATIENCE_MS = 10_000;
const TIMES_ASKED = 4;

export interface Expected {
  readonly version: 'legacy' | 'unified';
  /** The migration made new ones: only the legacy version serves the seed's. */
  readonly sameIds: boolean;
}

/** Each tenant is served its own menu, the whole of it and nothing else; asked several times, to meet every worker. */
export async function judgeServed(oracle: OracleCase, expected: Expected): Promise<string[]> {
  const findings: string[] = [];
  const ownerOf = createOwners(oracle.grown);
  for (const [slug, menu] of seedMenus(oracle.grown)) {
    for (let time = 0; time < TIMES_ASKED; time++) {
      const answer = await tryAsking(oracle, slug);
      const wrong =
        answer instanceof Error ? `no answer (${answer.message})` : judgeMenu(slug, answer, menu, expected, ownerOf);
      if (wrong === undefined) continue;
      findings.push(`${slug} over the public address: ${wrong}`);
      break;
    }
  }
  return findings;
}

async function tryAsking({ publicUrl }: OracleCase, slug: string): Promise<Answer | Error> {
  try {
    return await ask(`${publicUrl}/api/menu`, { slug, userAgent: 'cafe-oracle', timeoutMs: PATIENCE_MS });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function judgeMenu(
  slug: string,
  { status, version, body }: Answer,
  menu: readonly Document[],
  expected: Expected,
  ownerOf: (id: string) => string | undefined,
): string | undefined {
  if (status !== 200) return `status ${status}`;
  if (version !== expected.version) return `the ${version ?? 'unknown'} version answers`;
  const served = readMenu(body);
  if (served === undefined) return 'no menu in the answer';
  const owners = new Set(served.map(({ id }) => ownerOf(id)).filter((owner) => owner !== undefined && owner !== slug));
  if (owners.size > 0) return `is shown dishes of ${[...owners].join(', ')}`;
  return compareMenu(served, menu, expected.sameIds);
}

function compareMenu(served: readonly ServedItem[], menu: readonly Document[], sameIds: boolean): string | undefined {
  const text = ({ _id, id, name, price }: Document | ServedItem): string =>
    [sameIds ? String(_id) : '', id, name, price].join('|');
  const [own, shown] = [new Set(menu.map(text)), new Set(served.map(text))];
  const missing = menu.filter((item) => !shown.has(text(item))).map(({ id }) => id);
  const extra = served.filter((item) => !own.has(text(item))).map(({ id }) => id);
  if (missing.length > 0) return `misses ${missing.slice(0, 5).join(', ')} (${missing.length} dishes)`;
  if (extra.length > 0)
    return `is shown ${extra.slice(0, 5).join(', ')} (${extra.length} dishes) that were not in the seed`;
  return served.length === menu.length ? undefined : 'is shown dishes twice';
}

/** Writes one order as each tenant's guest and looks where it went: nothing else proves which database is in use. */
export async function judgeDatabaseInUse(oracle: OracleCase): Promise<string[]> {
  const findings: string[] = [];
  const tenantOf = createTenantOf(oracle.grown);
  for (const { slug, menuDatabase } of oracle.grown.tenants) {
    const id = `${trafficPrefix}oracle-${slug}-${Date.now()}`;
    const options = { slug, body: createOrder(id), userAgent: 'cafe-oracle', timeoutMs: PATIENCE_MS };
    const answer = await ask(`${oracle.publicUrl}/api/orders`, options).catch(() => undefined);
    const home = oracle.grown.databases.find(({ name }) => name === menuDatabase);
    const found = await oracle.client.db(menuDatabase).collection('orders').find({ id }).toArray();
    const owners = home ? found.map((order) => tenantOf(home, order)) : [];
    const inUnified = await oracle.client.db(oracle.unifiedDatabase).collection('orders').countDocuments({ id });
    if (answer?.status !== 201) findings.push(`${slug}: an order was answered ${answer?.status ?? 'by nothing'}`);
    else if (owners.length !== 1) findings.push(`${slug}: an order did not reach ${menuDatabase}`);
    else if (owners[0] !== slug) findings.push(`${slug}: an order went to ${owners[0] ?? 'nobody'}`);
    if (inUnified > 0) findings.push(`${slug}: an order went to ${oracle.unifiedDatabase}`);
  }
  return findings;
}
