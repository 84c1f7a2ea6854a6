const { Router } = require('express');
const mongoose = require('mongoose');
const { requireLogin } = require('../lib/auth');

function menuRoutes({ cacheMenu }) {
  const router = Router();

  router.get('/', cacheMenu, async (req, res) => {
    res.json(await req.models.MenuItem.find().sort({ category: 1, id: 1 }).lean());
  });

  router.get('/:id', async (req, res) => {
    const item = mongoose.isValidObjectId(req.params.id)
      ? await req.models.MenuItem.findOne({ _id: req.params.id }).lean()
      : null;
    if (!item) return res.status(404).json({ success: false, message: 'No such menu item' });
    return res.json(item);
  });

  router.post('/', requireLogin, async (req, res) => {
    const { id, name, category, price } = req.body || {};
    if (!name || typeof price !== 'number')
      return res.status(400).json({ success: false, message: 'name and price are required' });
    const item = new req.models.MenuItem({
      id: id || `menu-${new mongoose.Types.ObjectId()}`,
      name,
      category: category || 'other',
      price,
      isAvailable: true,
    });
    res.status(201).json(await item.save());
  });

  router.delete('/:id', requireLogin, async (req, res) => {
    const known = mongoose.isValidObjectId(req.params.id);
    const { deletedCount } = known ? await req.models.MenuItem.deleteOne({ _id: req.params.id }) : { deletedCount: 0 };
    if (deletedCount === 0) return res.status(404).json({ success: false, message: 'No such menu item' });
    return res.json({ success: true });
  });

  return router;
}

module.exports = { menuRoutes };
