const { Router } = require('express');
const mongoose = require('mongoose');
const log = require('../lib/log');
const { answerPage } = require('../lib/paging');

function orderRoutes({ listGuard }) {
  const router = Router();

  router.get('/', listGuard, (req, res) => answerPage(req, res, req.models.Order, { createdAt: -1, id: 1 }));

  // Guests order from their table: no login.
  router.post('/', async (req, res) => {
    const { id, customerId, tableId, items } = req.body || {};
    if (!Array.isArray(items) || items.length === 0)
      return res.status(400).json({ success: false, message: 'items are required' });
    const order = new req.models.Order({
      id: id || `order-${new mongoose.Types.ObjectId()}`,
      customerId,
      tableId,
      items,
      total: items.reduce((sum, item) => sum + item.price * item.quantity, 0),
      status: 'new',
    });
    const saved = await order.save();
    log.info('new order', { id: saved.id, tenant: req.tenant.slug, items: saved.items.length });
    return res.status(201).json(saved);
  });

  return router;
}

module.exports = { orderRoutes };
