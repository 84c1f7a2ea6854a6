import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identityOf, type MessageIdentity, matters, messageId } from '../../src/model/message-identity.ts';

const matter = fc
  .record(
    { what: fc.constantFrom(...matters), revision: fc.nat(), which: fc.string({ unit: 'binary' }) },
    { requiredKeys: ['what'] },
  )
  .filter(({ which }) => which === undefined || which.isWellFormed());
const topic = fc.oneof(
  fc.record({ kind: fc.constant('once' as const), of: matter }),
  fc.record({ kind: fc.constant('reminder' as const), of: matter, period: fc.nat() }),
);
const identity: fc.Arbitrary<MessageIdentity> = fc.oneof(
  fc.record({ about: fc.constantFrom('incident' as const, 'run' as const), id: fc.string({ minLength: 1 }), topic }),
  fc.record({ about: fc.constant('daemon' as const), topic }),
);

it('is read back as it was written, whatever is in it', () => {
  fc.assert(
    fc.property(identity, (one) => {
      expect(identityOf(messageId(one))).toEqual(one);
    }),
  );
});

it('is written in one form that says what it is', () => {
  const topic = { kind: 'reminder', of: { what: 'asked', revision: 2 }, period: 3 } as const;
  expect(messageId({ about: 'incident', id: 'incident-1', topic })).toBe(
    'incident/incident-1/asked?revision=2&period=3',
  );
  expect(messageId({ about: 'daemon', topic })).toBe('daemon/asked?revision=2&period=3');
});

it.each([
  ['incident-1/r2.asked-0123456789ab', 'incident', { kind: 'once', of: { what: 'asked', revision: 2 } }],
  ['incident-1/r2.decided', 'incident', { kind: 'once', of: { what: 'decided', revision: 2 } }],
  [
    'incident-1/r1.waiting-1767000000000-4',
    'incident',
    { kind: 'reminder', of: { what: 'asked', revision: 1 }, period: 4 },
  ],
  ['run-1/acknowledge-0', 'run', { kind: 'once', of: { what: 'older', which: 'run-1/acknowledge-0' } }],
  ['daemon/blind-health-17', 'daemon', { kind: 'once', of: { what: 'older', which: 'daemon/blind-health-17' } }],
  ['m1', 'daemon', { kind: 'once', of: { what: 'older', which: 'm1' } }],
])('of an older journal is understood: %s', (message, about, topic) => {
  expect(identityOf(message)).toMatchObject({ about, topic });
});
