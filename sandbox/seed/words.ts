export const cafeSlugs = ['negoes', 'senja', 'rindu', 'tepian', 'lestari', 'sudut', 'pagi', 'halaman'] as const;

/** What the set-up of a new café puts on its menu: the same in all of them. */
export const seedMenu = [
  ['espresso', 'coffee', 18_000],
  ['americano', 'coffee', 20_000],
  ['cappuccino', 'coffee', 25_000],
  ['latte', 'coffee', 26_000],
  ['flat white', 'coffee', 27_000],
  ['black tea', 'tea', 12_000],
  ['green tea', 'tea', 14_000],
  ['ginger tea', 'tea', 15_000],
  ['toast', 'food', 16_000],
  ['fried rice', 'food', 32_000],
  ['banana fritters', 'food', 18_000],
  ['mineral water', 'drinks', 8_000],
] as const;

export const units = [
  ['gram', 'g'],
  ['kilogram', 'kg'],
  ['millilitre', 'ml'],
  ['litre', 'l'],
  ['piece', 'pc'],
  ['box', 'box'],
  ['bottle', 'btl'],
  ['sack', 'sack'],
  ['cup', 'cup'],
  ['spoon', 'tbsp'],
  ['pack', 'pack'],
  ['tray', 'tray'],
] as const;

export const dishAdjectives = [
  'smoked',
  'iced',
  'spicy',
  'golden',
  'twilight',
  'velvet',
  'garden',
  'midnight',
  'royal',
  'wild',
] as const;
export const dishNouns = [
  'brew',
  'noodles',
  'cake',
  'curry',
  'soda',
  'porridge',
  'skewers',
  'pudding',
  'cooler',
  'omelette',
] as const;
export const goods = [
  'beans',
  'milk',
  'sugar',
  'flour',
  'eggs',
  'tea leaves',
  'rice',
  'oil',
  'chocolate',
  'cups',
] as const;
export const guestNames = ['Guest', 'Regular', 'Member', 'Visitor', 'Neighbour'] as const;
export const orderStates = ['paid', 'paid', 'paid', 'served', 'cancelled'] as const;
