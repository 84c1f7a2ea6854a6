import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BalancerSettings {
  readonly port: number;
  readonly appPort: number;
  readonly proxyHealth: boolean;
}

/** What the balancer answers for `/health` where that is not proxied: the single-page application's entry, with 200. */
export const INDEX_HTML = '<!doctype html><title>Cafe</title><div id=app></div>';

/** The format that we ship: what rollbackd reads in the sandbox is what it reads anywhere. */
const shipped = join(import.meta.dirname, '../../deploy/nginx');
const LOG_FORMAT = join(shipped, 'rollbackd-log.conf');

/** The switch that we ship, with the place of its file changed as an administrator would. */
export function switchIn({ maintenanceFile }: { readonly maintenanceFile: string }): string {
  const text = readFileSync(join(shipped, 'rollbackd-maintenance.conf'), 'utf8');
  return text.replaceAll('/var/lib/rollbackd-traffic/maintenance', maintenanceFile);
}

/** All other paths are relative to the prefix, so that nothing of the machine's own nginx is involved. */
export function nginxConfiguration({ port, appPort, proxyHealth }: BalancerSettings): string {
  const indexForHealth = `location = /health { default_type text/html; return 200 '${INDEX_HTML}'; }`;
  return `${workerUser()}
worker_processes 1;
pid logs/nginx.pid;
error_log logs/error.log;
events { worker_connections 512; }
http {
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  include ${LOG_FORMAT};
  access_log logs/access.log rollbackd;
  upstream application {
    server 127.0.0.1:${appPort} max_fails=0;
    keepalive 16;
    keepalive_timeout 4s;
  }
  server {
    listen 127.0.0.1:${port};
    include maintenance.conf;
    ${proxyHealth ? '' : indexForHealth}
    location / {
      proxy_pass http://application;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`;
}

/** Started by root, nginx would let its workers run as somebody who cannot enter the sandbox's folder. */
function workerUser(): string {
  return process.getuid?.() === 0 ? 'user root;' : '';
}
