import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';

/** Carries one request of axios, and notes when its connection stood. */
export interface TimedTransport {
  readonly connectedAt: () => number | undefined;
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

export function timedTransport(): TimedTransport {
  let connectedAt: number | undefined;
  return {
    connectedAt: () => connectedAt,
    request(options, onResponse) {
      const secure = options.protocol === 'https:';
      const request = (secure ? https : http).request(options, onResponse);
      request.once('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connectedAt = performance.now();
        });
      });
      return request;
    },
  };
}
