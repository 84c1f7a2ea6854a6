import { pbkdf2Sync } from 'node:crypto';
import type { Document, ObjectId } from 'mongodb';
import { createIds, createRandom, type Random } from './random.ts';
import type { SeedTenant } from './seed.ts';
import { dishAdjectives, dishNouns, goods, guestNames, orderStates, seedMenu, units } from './words.ts';

/** Long before any cut-over, and fixed: a seed must not depend on the day. */
const LAST_DAY = Date.UTC(2026, 0, 31, 20);
const MINUTE = 60_000;
const YEAR_IN_MINUTES = 365 * 24 * 60;
const SHARED_SINCE = new Date(Date.UTC(2025, 0, 1));

export interface TenantSizes {
  readonly customers: number;
  readonly orders: number;
}

type Make = (random: Random, id: (at: Date) => ObjectId) => Document[];

function stamped(random: Random, id: (at: Date) => ObjectId, rest: Document): Document {
  const createdAt = new Date(LAST_DAY - random.between(1, YEAR_IN_MINUTES) * MINUTE);
  return { _id: id(createdAt), ...rest, createdAt };
}

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Readable by the application: `salt:pbkdf2`. */
export function hashPassword(password: string, salt: string): string {
  return `${salt}:${pbkdf2Sync(password, salt, 1000, 32, 'sha256').toString('hex')}`;
}

function createMenu(slug: string): Make {
  return (random, id) => [
    ...seedMenu.map(([name, category, price]) =>
      stamped(random, id, { id: `seed-${name.replaceAll(' ', '-')}`, name, category, price, isAvailable: true }),
    ),
    ...numbered(random.between(14, 34)).map((number) =>
      stamped(random, id, {
        id: `menu-${slug}-${number}`,
        name: `${slug} ${random.pick(dishAdjectives)} ${random.pick(dishNouns)} ${number}`,
        category: number <= 4 ? 'house' : random.pick(['coffee', 'tea', 'food', 'drinks']),
        price: random.between(10, 90) * 1000,
        isAvailable: random.between(1, 10) > 1,
      }),
    ),
  ];
}

function createTables(slug: string): Make {
  return (random, id) =>
    numbered(random.between(8, 16)).map((number) =>
      stamped(random, id, { id: `table-${slug}-${number}`, number, seats: random.between(2, 8), status: 'free' }),
    );
}

function createInventory(slug: string): Make {
  return (random, id) =>
    numbered(random.between(30, 60)).map((number) =>
      stamped(random, id, {
        id: `stock-${slug}-${number}`,
        name: `${random.pick(goods)} ${number}`,
        unitId: `unit-${random.pick(units)[1]}`,
        stock: random.between(0, 500) / 10,
        minimum: random.between(1, 20),
      }),
    );
}

function createUsers(tenant: SeedTenant): Make {
  return (random, id) =>
    numbered(random.between(4, 7)).map((number) => {
      const admin = number === 1;
      const password = admin ? tenant.adminPassword : `staff-${tenant.slug}-${number}`;
      return stamped(random, id, {
        id: `user-${tenant.slug}-${number}`,
        email: admin ? tenant.adminEmail : `staff${number}@${tenant.slug}.example`,
        name: admin ? `Admin of ${tenant.name}` : `Staff ${number}`,
        role: admin ? 'admin' : 'staff',
        passwordHash: hashPassword(password, `${tenant.slug}${number}`),
        tenant: tenant.slug,
      });
    });
}

function createSettings(slug: string): Make {
  return (random, id) =>
    ['opening hours', 'printer', 'theme'].map((name) =>
      stamped(random, id, { id: `setting-${slug}-${name}`, name, value: random.pick(dishAdjectives) }),
    );
}

function createCustomers(slug: string, count: number): Make {
  return (random, id) =>
    numbered(count).map((number) =>
      stamped(random, id, {
        id: `customer-${slug}-${number}`,
        name: `${random.pick(guestNames)} ${number}`,
        phone: `+00 ${random.between(1_000_000, 9_999_999)}`,
        points: random.between(0, 900),
      }),
    );
}

function createOrders(slug: string, sizes: TenantSizes, menu: readonly Document[]): Make {
  return (random, id) =>
    numbered(sizes.orders).map((number) => {
      const items = numbered(random.between(1, 4)).map(() => {
        const { id: menuItemId, name, price } = random.pick(menu);
        return { menuItemId, name, price, quantity: random.between(1, 3) };
      });
      return stamped(random, id, {
        id: `order-${slug}-${number}`,
        customerId: `customer-${slug}-${random.between(1, sizes.customers)}`,
        tableId: `table-${slug}-${random.between(1, 8)}`,
        items,
        total: items.reduce((sum, item) => sum + item.price * item.quantity, 0),
        status: random.pick(orderStates),
      });
    });
}

export type TenantDocuments = Readonly<
  Record<'menuitems' | 'orders' | 'customers' | 'tables' | 'users' | 'inventory' | 'settings', Document[]>
>;

export function createTenantDocuments(seed: number, tenant: SeedTenant, sizes: TenantSizes): TenantDocuments {
  const make = (collection: string, documents: Make): Document[] =>
    documents(createRandom(seed, tenant.slug, collection), createIds(seed, tenant.slug, collection));
  const menuitems = make('menuitems', createMenu(tenant.slug));
  return {
    menuitems,
    orders: make('orders', createOrders(tenant.slug, sizes, menuitems)),
    customers: make('customers', createCustomers(tenant.slug, sizes.customers)),
    tables: make('tables', createTables(tenant.slug)),
    users: make('users', createUsers(tenant)),
    inventory: make('inventory', createInventory(tenant.slug)),
    settings: make('settings', createSettings(tenant.slug)),
  };
}

/** The same documents, `_id` included, wherever they are stored. */
export function createUnits(seed: number): Document[] {
  const id = createIds(seed, 'units');
  return units.map(([name, symbol]) => ({
    _id: id(SHARED_SINCE),
    id: `unit-${symbol}`,
    name,
    symbol,
    createdAt: SHARED_SINCE,
  }));
}

export function createSuperAdmin(seed: number): Document {
  return {
    _id: createIds(seed, 'super-admin')(SHARED_SINCE),
    id: 'user-super-admin',
    email: 'super@superkafe.example',
    name: 'Super-admin',
    role: 'super-admin',
    passwordHash: hashPassword('super123', 'super'),
    createdAt: SHARED_SINCE,
  };
}

export function createRegistry(seed: number, tenants: readonly SeedTenant[]): Document[] {
  const id = createIds(seed, 'tenants');
  return tenants.map(({ slug, name, database }) => ({
    _id: id(SHARED_SINCE),
    slug,
    name,
    dbName: database,
    isActive: true,
    createdAt: SHARED_SINCE,
  }));
}
