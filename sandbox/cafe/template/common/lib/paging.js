const LARGEST_PAGE = 200;

/** `{data, page, limit, total, pages}`: every list but the menu. */
async function answerPage(req, res, model, order) {
  const limit = Math.min(Math.max(Number(req.query.limit) || 50, 1), LARGEST_PAGE);
  const page = Math.max(Number(req.query.page) || 1, 1);
  const total = await model.countDocuments();
  const data = await model
    .find()
    .sort(order)
    .skip((page - 1) * limit)
    .limit(limit)
    .lean();
  res.json({ data, page, limit, total, pages: Math.ceil(total / limit) });
}

module.exports = { answerPage };
