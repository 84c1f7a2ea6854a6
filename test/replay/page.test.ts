import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/replay/replay.ts';
import { exampleConfig, written } from './written.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/replay.md'), 'utf8');

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

describe('docs/replay.md', () => {
  it.each([...blocks('csv'), ...blocks('jsonl')].map((text) => ({ first: text.split('\n', 1)[0], text })))(
    'shows an input that is read whole: $first',
    async ({ text }) => {
      const order = { file: written(text), mode: 'armed', measure: 'error-rate' } as const;
      const { past, unusable } = await replay(order, exampleConfig());
      expect(unusable.named).toEqual([]);
      expect(past.observations).toBeGreaterThan(0);
    },
  );

  it('has an example of each text that a person would write', () => {
    expect(blocks('csv')).toHaveLength(2);
    expect(blocks('jsonl')).toHaveLength(1);
  });

  it('keeps its paragraphs short', () => {
    const long = page.replaceAll(/```[\s\S]*?```/g, '').split(/\n\s*\n/);
    const paragraphs = long.filter((part) => !part.startsWith('|') && !part.startsWith('- '));
    expect(paragraphs.filter(({ length }) => length >= 600)).toEqual([]);
  });
});
