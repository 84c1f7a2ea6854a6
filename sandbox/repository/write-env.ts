import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CafeEnvironment {
  readonly port: number;
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  readonly unifiedUri: string;
  /** The main database's, or a pattern with `{tenant}` in it. */
  readonly legacyUri: string;
  readonly faultsFile: string;
}

/** `.env` of the legacy version where it runs by itself, before the migration. */
export async function writeLegacyEnv(
  folder: string,
  { port, host, legacyUri }: Pick<CafeEnvironment, 'port' | 'host' | 'legacyUri'>,
): Promise<void> {
  const legacy = {
    PORT: String(port),
    HOST: host,
    JWT_SECRET: randomBytes(24).toString('hex'),
    MONGODB_URI: legacyUri,
  };
  await writeFile(join(folder, '.env'), text(legacy), { mode: 0o600 });
}

const text = (variables: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(variables)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}\n`]))
    .join('');

/** `.env` of the unified version in force, and `.env.legacy` to go back to. Only the unified version knows of faults. */
export async function writeEnvFiles(serverFolder: string, cafe: CafeEnvironment): Promise<void> {
  const secret = randomBytes(24).toString('hex');
  const common = { PORT: String(cafe.port), HOST: cafe.host, JWT_SECRET: secret };
  const unified = { ...common, MONGODB_URI: cafe.unifiedUri, CAFE_FAULTS_FILE: cafe.faultsFile };
  const legacy = { ...common, MONGODB_URI: cafe.legacyUri };
  await writeFile(join(serverFolder, '.env'), text(unified), { mode: 0o600 });
  await writeFile(join(serverFolder, '.env.legacy'), text(legacy), { mode: 0o600 });
}
