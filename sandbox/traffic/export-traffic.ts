import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Traffic } from './traffic.ts';

export interface TrafficExporter extends AsyncDisposable {
  readonly url: string;
}

/** What customers got so far, for a Prometheus: `cafe_requests_total` by status; 0 where there was no answer. */
export async function exportTraffic({ counts }: Pick<Traffic, 'counts'>): Promise<TrafficExporter> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics(counts()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function metrics({ byStatus, failed }: ReturnType<Traffic['counts']>): string {
  const samples = Object.entries({ ...byStatus, 0: failed });
  return [
    '# HELP cafe_requests_total Requests of customers.',
    '# TYPE cafe_requests_total counter',
    ...samples.map(([status, count]) => `cafe_requests_total{status="${status}"} ${count}`),
    '',
  ].join('\n');
}
