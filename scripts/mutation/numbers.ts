import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The part of a place in the syntax tree that is asked for here. */
interface Place {
  readonly node: { readonly type: string; readonly value?: unknown };
}
interface Mutator {
  readonly name: string;
  mutate(place: Place): Iterable<object>;
}

const require = createRequire(import.meta.resolve('@stryker-mutator/core'));
const instrumenter = require.resolve('@stryker-mutator/instrumenter');

/** A small count becomes one more; anything larger, such as a duration in ms, a quarter more. */
const altered = (value: number): number => (Number.isInteger(value) && value < 20 ? value + 1 : value * 1.25);

const numbers: Mutator = {
  name: 'Number',
  *mutate({ node }) {
    if (node.type === 'NumericLiteral') yield { type: 'NumericLiteral', value: altered(Number(node.value)) };
  },
};

/** `15m` and `10%` are thresholds, too. */
const quantities: Mutator = {
  name: 'Quantity',
  *mutate({ node }) {
    const [, amount, unit] = /^(\d+)(ms|s|m|h|d|%)$/.exec(String(node.value)) ?? [];
    if (node.type !== 'StringLiteral' || unit === undefined) return;
    yield { type: 'StringLiteral', value: `${Number(amount) + 1}${unit}` };
  },
};

/** Stryker alters comparisons and guards, and no numbers: it takes these two beside its own. */
export async function alterNumbers(): Promise<void> {
  const list = pathToFileURL(join(dirname(instrumenter), 'mutators', 'mutate.js'));
  const { allMutators } = (await import(list.href)) as { allMutators: Mutator[] };
  allMutators.push(numbers, quantities);
}
