import { describe, expect, it } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import { openMemory } from '../../src/engine/memory.ts';
import type { EventBody } from '../../src/model/event.ts';
import { memoryJournal } from './memory-journal.ts';

const queued = (message: string): EventBody => ({
  kind: 'message.queued',
  message,
  subject: '',
  text: '',
  urgency: 'told',
});
const paused: EventBody = { kind: 'acting.paused', person: 'sari', reason: 'a fair', until: 9 };
const unpaused: EventBody = { kind: 'acting.unpaused', person: 'sari' };

describe('the memory', () => {
  it('knows what the journal held before it was opened', () => {
    const memory = openMemory(memoryJournal([paused, queued('m1')]), 'approve');
    expect(memory.state()).toMatchObject({ mode: 'approve', lastSeq: 2, paused: { person: 'sari' } });
    expect(memory.state().messages.has('m1')).toBe(true);
  });

  it('is in step with the journal when its listeners are told', () => {
    const memory = openMemory(memoryJournal(), 'observe');
    const seen: [string, number][] = [];
    memory.subscribe(({ body, seq }) => seen.push([body.kind, memory.state().lastSeq - seq]));
    memory.append(paused, unpaused);
    expect(seen).toEqual([
      ['acting.paused', 0],
      ['acting.unpaused', 0],
    ]);
  });

  it('tells nobody any more who has ended it', () => {
    const memory = openMemory(memoryJournal(), 'observe');
    const seen: string[] = [];
    const end = memory.subscribe(({ body }) => seen.push(body.kind));
    end();
    memory.append(paused);
    expect(seen).toEqual([]);
  });

  it('refuses what the state does not permit, and writes nothing of it', () => {
    const journal = memoryJournal();
    const memory = openMemory(journal, 'observe');
    expect(() => memory.append(unpaused)).toThrow(/acting is not paused/);
    expect([...journal.read()]).toEqual([]);
  });

  it('knows at once what the disk does not take yet, and writes it before anything else', () => {
    const journal = memoryJournal();
    const { append } = journal;
    let full = true;
    journal.append = (...bodies) => {
      if (full) throw new RollbackdError('not-writable', 'no space left');
      return append(...bodies);
    };
    const memory = openMemory(journal, 'observe');
    memory.owe(paused);
    memory.owe(queued('m1'));
    expect(memory.state()).toMatchObject({ lastSeq: 2, paused: { person: 'sari' } });
    expect(() => memory.append(unpaused)).toThrow('no space left');
    expect(memory.state().paused).toBeDefined();
    expect([...journal.read()]).toEqual([]);

    full = false;
    expect(memory.append(unpaused).map(({ body }) => body)).toEqual([unpaused]);
    expect([...journal.read()].map(({ body }) => body.kind)).toEqual([
      'acting.paused',
      'message.queued',
      'acting.unpaused',
    ]);
    expect(memory.state()).toMatchObject({ lastSeq: 3, paused: undefined });
    memory.settle();
    expect([...journal.read()]).toHaveLength(3);
  });

  it('judges each of several events as the ones before leave the state', () => {
    const memory = openMemory(memoryJournal(), 'observe');
    expect(memory.append(paused, unpaused)).toHaveLength(2);
  });

  it('writes several events whole or not at all', () => {
    const journal = memoryJournal();
    const memory = openMemory(journal, 'observe');
    expect(() => memory.append(paused, unpaused, unpaused)).toThrow(/not permitted/);
    expect([...journal.read()]).toEqual([]);
    expect(memory.state().lastSeq).toBe(0);
  });

  it('says when the journal cannot be written', () => {
    const journal = { ...memoryJournal(), writable: false };
    expect(openMemory(journal, 'observe').writable).toBe(false);
  });
});
