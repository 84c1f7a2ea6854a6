import { describe, expect, it } from 'vitest';
import type { MongoReader } from '../../src/adapters/mongo/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { mongoProbe } from '../../src/probes/mongo.ts';
import { manualClock } from '../manual-clock.ts';
import { probesOf } from './settings.ts';

const connections = { current: 3, available: 800 };
const answering =
  (writable: boolean): MongoReader['ping'] =>
  () =>
    Promise.resolve({ writable, connections });
const failing =
  (reason: string): MongoReader['ping'] =>
  () =>
    Promise.reject(new RollbackdError(reason, 'no'));

async function look(unified: MongoReader['ping'], legacy: MongoReader['ping'], signal = new AbortController().signal) {
  const probe = mongoProbe({
    probes: probesOf(),
    unified: { ping: unified },
    legacy: { ping: legacy },
    clock: manualClock(),
  });
  const [seen] = await probe.look(signal);
  return seen?.status === 'observed' ? seen.values : seen?.reason;
}

describe('the mongo probe', () => {
  it('says that both sides are reachable, and whether the legacy one takes writes', async () => {
    expect(await look(answering(true), answering(false))).toEqual({
      unified: 'reachable',
      legacy: 'reachable',
      legacyWritable: false,
      connections,
    });
  });

  it('tells a refused login from a server that cannot be reached, each side for itself', async () => {
    expect(await look(failing('login-refused'), answering(true))).toEqual({
      unified: 'login-refused',
      legacy: 'reachable',
      legacyWritable: true,
    });
    expect(await look(answering(true), failing('unreachable'))).toMatchObject({
      unified: 'reachable',
      legacy: 'unreachable',
      legacyWritable: false,
    });
  });

  it('takes any other failure for unreachable', async () => {
    const broken = () => Promise.reject(new Error('socket hang up'));
    expect(await look(broken, failing('operation-failed'))).toMatchObject({
      unified: 'unreachable',
      legacy: 'unreachable',
    });
  });

  it('observes nothing when the daemon stops in the middle', async () => {
    const stopping = new AbortController();
    const stopped: MongoReader['ping'] = async () => {
      stopping.abort(new Error('the daemon stops'));
      throw new Error('aborted');
    };
    await expect(look(stopped, answering(true), stopping.signal)).rejects.toThrow('the daemon stops');
  });
});
