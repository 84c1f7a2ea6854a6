import { catalogue, type MetricSpec } from '../../src/metrics/catalogue.ts';

const specs: Readonly<Record<string, MetricSpec>> = catalogue;
const parts = ['_bucket', '_sum', '_count'];

/** Everything in a PromQL expression that names no metric, label or label value of ours. */
export function strangersIn(expression: string): string[] {
  const names = [...expression.matchAll(/\brollbackd_\w+/g)].map(([name]) => name);
  const selectors = [...expression.matchAll(/\b(rollbackd_\w+)\{([^}]*)\}/g)];
  return [
    ...names.filter((name) => specOf(name) === undefined),
    ...selectors.flatMap(([, name = '', inner = '']) => strangeLabels(name, inner)),
  ];
}

function specOf(name: string): MetricSpec | undefined {
  const part = parts.find((each) => name.endsWith(each));
  const whole = part ? specs[name.slice(0, -part.length)] : undefined;
  return whole?.type === 'histogram' ? whole : specs[name];
}

function strangeLabels(name: string, inner: string): string[] {
  return [...inner.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].flatMap(([matcher, label = '', , value = '']) => {
    if (label === 'instance' || label === 'job') return [];
    const values = specOf(name)?.labels?.[label];
    const known = typeof values === 'string' || values?.includes(value) === true;
    return known ? [] : [`${name}{${matcher}}`];
  });
}
