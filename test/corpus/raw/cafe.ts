/** The pretend customers and what they ask for, the same in every story. */
export const tenants = ['negoes', 'warung', 'kopi', 'sate', 'bakso', 'gudeg', 'rawon', 'soto'] as const;

export const shareOfTenant: readonly (readonly [string, number])[] = [
  ['negoes', 30],
  ['warung', 20],
  ['kopi', 15],
  ['sate', 10],
  ['bakso', 10],
  ['gudeg', 7],
  ['rawon', 5],
  ['soto', 3],
];

export const smallTenants = (count: number): string[] => Array.from({ length: count }, (_, index) => `small-${index}`);

export interface CafeRoute {
  readonly method: string;
  readonly path: string;
  /** As a log is read: `GET /api/menu/:id`. */
  readonly route: string;
  readonly share: number;
  /** On the legacy system, ms. */
  readonly p95: number;
  /** What users do wrong themselves: status and how often. */
  readonly refusals: readonly (readonly [status: number, share: number])[];
}

const id = '65f1c0a4b7d2e39f8a6b4c1d';

export const routes: readonly CafeRoute[] = [
  { method: 'GET', path: '/api/menu', route: 'GET /api/menu', share: 34, p95: 220, refusals: [[400, 0.004]] },
  { method: 'GET', path: `/api/menu/${id}`, route: 'GET /api/menu/:id', share: 12, p95: 160, refusals: [[404, 0.03]] },
  { method: 'GET', path: '/api/orders', route: 'GET /api/orders', share: 20, p95: 300, refusals: [[401, 0.02]] },
  { method: 'POST', path: '/api/orders', route: 'POST /api/orders', share: 12, p95: 350, refusals: [[400, 0.02]] },
  {
    method: 'PUT',
    path: `/api/orders/${id}`,
    route: 'PUT /api/orders/:id',
    share: 5,
    p95: 320,
    refusals: [[409, 0.01]],
  },
  { method: 'GET', path: '/api/tables', route: 'GET /api/tables', share: 8, p95: 180, refusals: [] },
  { method: 'GET', path: '/api/reports/daily', route: 'GET /api/reports/daily', share: 5, p95: 700, refusals: [] },
  {
    method: 'POST',
    path: '/api/auth/login',
    route: 'POST /api/auth/login',
    share: 4,
    p95: 400,
    refusals: [[401, 0.1]],
  },
];

/** What a healthy application fails by itself, once in a while. */
export const usualFailures = 0.001;
