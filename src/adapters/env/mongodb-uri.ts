const shape = /^(mongodb(?:\+srv)?):\/\/(?:[^/?]*@)?([^/?@]+)(?:\/([^?]*))?(?:\?.*)?$/s;
const withPort = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;

export interface ServerAndDatabase {
  readonly hosts: readonly string[];
  readonly database: string;
}

/**
 * Hosts and database of a MongoDB URI, without its credentials; `undefined` where it is none.
 * A host without a port is the name of an SRV record or the path of a Unix socket.
 */
export function parseMongodbUri(uri: string): ServerAndDatabase | undefined {
  const [, scheme, hostList = '', path = ''] = shape.exec(uri.trim().replaceAll(/\$(?=\{tenant\})/g, '')) ?? [];
  const database = decoded(path);
  const hosts = hostList.split(',').map((host) => (scheme === 'mongodb+srv' ? srvName(host) : hostAndPort(host)));
  // What another variable stands for is not known here; no name of a database or a host holds this sign.
  if (scheme === undefined || database === undefined || /[$/]/.test(database) || hostList.includes('$'))
    return undefined;
  return hosts.every((host) => host !== undefined) ? { hosts, database } : undefined;
}

const srvName = (host: string): string | undefined => (/^[\w.{}-]+$/.test(host) ? host : undefined);

function hostAndPort(text: string): string | undefined {
  const host = decoded(text);
  if (host?.startsWith('/')) return host;
  const [, name, port = '27017'] = withPort.exec(host ?? '') ?? [];
  return name === undefined ? undefined : `${name}:${port}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
