import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BalancerSettings } from '../nginx-configuration.ts';

/** The proxy does not read nginx's language: what it needs of nginx.conf lies beside it. */
export function writeProxySettings(prefix: string, settings: BalancerSettings): void {
  const { port, appPort, proxyHealth } = settings;
  writeFileSync(settingsFile(prefix), JSON.stringify({ port, appPort, proxyHealth }));
}

export function readProxySettings(prefix: string): BalancerSettings {
  return JSON.parse(readFileSync(settingsFile(prefix), 'utf8')) as BalancerSettings;
}

function settingsFile(prefix: string): string {
  return join(prefix, 'conf', 'proxy.json');
}
