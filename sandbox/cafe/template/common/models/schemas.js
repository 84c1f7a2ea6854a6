const { Schema } = require('mongoose');

// Indexes are made by set-up scripts, never by a starting server.
const options = (collection) => ({ collection, autoIndex: false, autoCreate: false, versionKey: false });

function createSchemas() {
  const created = { createdAt: { type: Date, default: Date.now } };
  return {
    MenuItem: new Schema(
      { id: String, name: String, category: String, price: Number, isAvailable: Boolean, ...created },
      options('menuitems'),
    ),
    Order: new Schema(
      {
        id: String,
        customerId: String,
        tableId: String,
        items: [{ _id: false, menuItemId: String, name: String, price: Number, quantity: Number }],
        total: Number,
        status: String,
        ...created,
      },
      options('orders'),
    ),
    Customer: new Schema({ id: String, name: String, phone: String, points: Number, ...created }, options('customers')),
    Table: new Schema({ id: String, number: Number, seats: Number, status: String, ...created }, options('tables')),
    InventoryItem: new Schema(
      { id: String, name: String, unitId: String, stock: Number, minimum: Number, ...created },
      options('inventory'),
    ),
    Unit: new Schema({ id: String, name: String, symbol: String, ...created }, options('units')),
    User: new Schema(
      {
        id: String,
        email: String,
        name: String,
        role: String,
        passwordHash: String,
        tenant: String,
        lastLoginAt: Date,
        ...created,
      },
      options('users'),
    ),
  };
}

module.exports = { createSchemas };
