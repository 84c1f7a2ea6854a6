import axios from 'axios';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { poll } from './poll.ts';

/** Which version of the application a customer reaches: its name, or the status of whoever answers instead. */
export async function versionServed({ publicUrl, tenants }: Sandbox): Promise<string> {
  const headers = { 'x-tenant-slug': tenants[0]?.slug ?? '' };
  const answer = await axios.get(`${publicUrl}/api/menu`, { headers, validateStatus: null, timeout: 10_000 });
  return String(answer.headers['x-cafe-version'] ?? answer.status);
}

export async function untilServed(sandbox: Sandbox, version: 'unified' | 'legacy'): Promise<void> {
  const isServed = async () => ((await versionServed(sandbox)) === version ? true : undefined);
  await poll(`the ${version} application serves`, isServed, 60_000);
}
