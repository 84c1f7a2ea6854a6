import { describe, expect, test } from 'vitest';
import { startBalancer } from '../../../sandbox/servers/balancer.ts';
import { startNginx } from '../../../sandbox/servers/nginx.ts';
import { findInstalled } from '../../../sandbox/tools/installed-tool.ts';
import { createWorkspace } from '../../../sandbox/workspace/workspace.ts';
import { testBalancer } from './balancer-suite.ts';

const nginx = await findInstalled(
  { name: 'nginx', variable: 'NGINX_BIN', versionFlag: '-v' },
  { environment: process.env, say: () => {} },
);

if (nginx) {
  describe('nginx', () => testBalancer((options) => startNginx({ ...options, tool: nginx })));
} else {
  test('nginx is installed where it is required, else its part is left out', () => {
    process.stderr.write('nginx is not on the PATH: its tests are left out\n');
    expect(process.env.REQUIRE_OPTIONAL_TOOLS, 'nginx is required here but not installed').not.toBe('1');
  });
}

test('the proxy takes over where there is no nginx', async () => {
  await using workspace = await createWorkspace();
  const balancer = await startBalancer({
    workspace,
    appPort: await workspace.freePort(),
    proxyHealth: true,
    nginx: undefined,
  });
  expect(balancer.kind).toBe('proxy');
});
