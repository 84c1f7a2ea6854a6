import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import { type Buildah, succeed } from './buildah.ts';

const RELEASE = 'bookworm';

/** Copied with every layer, and read by nobody. */
const ballast = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale', 'usr/share/man'];

/** In place of the image that BASE names: a bare Debian with the Node of this process and the npm of this machine. */
export async function makeBase(buildah: Buildah): Promise<string> {
  const root = join(buildah.folder, 'base');
  await succeed('debootstrap', ['--variant=minbase', RELEASE, root, ...(await mirror())]);
  for (const each of ballast) rmSync(join(root, each), { recursive: true });
  const local = join(root, 'usr/local');
  cpSync(process.execPath, join(local, 'bin/node'));
  cpSync(await npmFolder(), join(local, 'lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
  return commit(buildah, root, [...(await registry()), ...certificates(local)]);
}

/** In place of the image that TOOLS names. */
export async function makeTools(buildah: Buildah): Promise<string> {
  const { mongodump, mongorestore } = await findTools();
  const root = join(buildah.folder, 'tools');
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  cpSync(mongodump.path, join(root, 'usr/bin/mongodump'));
  cpSync(mongorestore.path, join(root, 'usr/bin/mongorestore'));
  return commit(buildah, root, []);
}

async function commit(buildah: Buildah, root: string, variables: readonly string[]): Promise<string> {
  const container = await buildah.run('from', 'scratch');
  await buildah.run('copy', '--quiet', container, root, '/');
  await buildah.run('config', ...variables.flatMap((variable) => ['--env', variable]), container);
  const image = await buildah.run('commit', '--quiet', '--rm', container);
  return image;
}

/** `.../npm/bin/npm-cli.js` -> `.../npm`. */
async function npmFolder(): Promise<string> {
  const program = process.env.npm_execpath ?? (await succeed('sh', ['-c', 'command -v npm']));
  return dirname(dirname(realpathSync(program)));
}

/** Where this machine gets its own packages from, if it is of the same release. */
async function mirror(): Promise<string[]> {
  const wanted = ['Created-By: Packages', `Codename: ${RELEASE}`];
  const [site] = (await succeed('apt-get', ['indextargets', '--format', '$(SITE)', ...wanted])).split('\n');
  return site ? [site] : [];
}

const registry = async () => [`npm_config_registry=${await succeed('npm', ['config', 'get', 'registry'])}`];

/** Whom this machine trusts beyond the usual, where it has been told to. */
function certificates(local: string): string[] {
  const { NODE_EXTRA_CA_CERTS } = process.env;
  if (!NODE_EXTRA_CA_CERTS) return [];
  mkdirSync(join(local, 'share'), { recursive: true });
  cpSync(NODE_EXTRA_CA_CERTS, join(local, 'share/trusted.crt'), { dereference: true });
  return ['NODE_EXTRA_CA_CERTS=/usr/local/share/trusted.crt'];
}
