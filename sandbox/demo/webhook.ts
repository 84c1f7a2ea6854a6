import { once } from 'node:events';
import { createServer } from 'node:http';

export interface Received {
  readonly message: string;
  readonly subject: string;
  readonly text: string;
  readonly urgency: string;
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** Whoever is told: shows each message once, as a person's chat would. */
export async function receiveWebhook(show: (message: Received) => void): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString()) as Received;
    if (!received.some((known) => known.message === message.message)) {
      received.push(message);
      show(message);
    }
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
