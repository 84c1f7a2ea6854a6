import { describe } from 'vitest';
import { startProxy } from '../../../sandbox/servers/proxy.ts';
import { testBalancer } from './balancer-suite.ts';

describe("the sandbox's own proxy", () => testBalancer(startProxy));
