/** Control characters, and those that turn the direction of writing or break a line unseen. */
const orders = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** Text of any origin as it may be shown: nothing in it is an order to a terminal, nor looks like what it is not. */
export const printable = (text: string): string => text.replace(orders, '');
