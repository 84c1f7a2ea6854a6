import { basename } from 'node:path';
import { readProcessTable } from '../../exec/process-stat.ts';
import type { ServerClients, UnseenConnection } from './contract.ts';
import { addressOf, type HostAddress } from './kernel-address.ts';
import { holdersOf } from './proc-files.ts';
import { readTcpTable, type TcpSocket } from './tcp-table.ts';
import { readUnixTable } from './unix-sockets.ts';

/** Who of this host talks to a MongoDB server, by TCP and, where it runs here, by its Unix socket. */
export async function clientsOf({ host, port }: { host: string; port: number }): Promise<ServerClients> {
  const address = await addressOf(host);
  const toServer = ({ remotePort, remoteAddress }: TcpSocket) => remotePort === port && address.matches(remoteAddress);
  const open = (await readTcpTable()).filter(toServer);
  const { owners, held } = await holdersOf(new Set(open.map(({ inode }) => inode)), readProcessTable());
  const ownerless = open.filter(({ state, inode }) => state === 'established' && !held.has(inode));
  const unseen = ownerless.length === 0 ? [] : await stillUnseen(ownerless, port, address);
  const bySocketFile = address.isThisMachine ? await clientsBySocketFile(port) : undefined;
  return { processes: owners, unseen, ...(bySocketFile && { bySocketFile }) };
}

/** Without those that ended while their processes were looked for, and without the server's own to itself (a replica set has them). */
async function stillUnseen(
  ownerless: readonly TcpSocket[],
  port: number,
  { isThisMachine }: HostAddress,
): Promise<UnseenConnection[]> {
  const now = await readTcpTable();
  const open = new Set(now.filter(({ state }) => state === 'established').map(({ inode }) => inode));
  const servers = now.filter(({ state, localPort }) => isThisMachine && state === 'listening' && localPort === port);
  // A server of root may be a container's proxy; and a worker of root must not pass for it.
  const serverUsers = new Set(servers.map(({ uid }) => uid).filter((uid) => uid !== 0 && uid !== process.getuid?.()));
  return ownerless
    .filter(({ inode, uid }) => open.has(inode) && !serverUsers.has(uid))
    .map(({ localPort, inode, uid }) => ({ localPort, inode, uid }));
}

/** mongod names its socket after its port, in a folder that its configuration says. */
async function clientsBySocketFile(port: number): Promise<ServerClients['bySocketFile']> {
  const sockets = await readUnixTable();
  const isServer = ({ path }: { path: string }) => basename(path) === `mongodb-${port}.sock`;
  const path = sockets.find((socket) => socket.state === 'listening' && isServer(socket))?.path;
  const connected = sockets.filter(({ state }) => state === 'connected');
  const connections = connected.filter((socket) => socket.path === path).length;
  if (path === undefined || connections === 0) return undefined;
  const nameless = new Set(connected.filter((socket) => socket.path === '').map(({ inode }) => inode));
  const { owners, hidden } = await holdersOf(nameless, readProcessTable());
  return { path, connections, suspects: owners, hidden };
}
