/** Text of foreign origin: in Slack's markup it can neither mention anybody nor pass for a link. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const lookalikes: Readonly<Record<string, string>> = { '*': '∗', '`': 'ˋ', '~': '∼' };

/** A name, as it is: nothing in it begins or ends bold, code or struck text. An underscore inside a word does not. */
export const literalText = (name: string): string =>
  escapeText(name)
    .replace(/[*`~]/g, (mark) => lookalikes[mark] ?? mark)
    .replace(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '＿');

/** At most so many characters, and no half escape or mention at the end. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${kept.replace(/(?:&[a-z]{0,3}|<[^<>]*|[\ud800-\udbff])$/, '')}…`;
}

/** The same moment in everybody's own time; who cannot show that reads it in UTC. */
export const moment = (at: number): string => {
  const plain = new Date(at).toISOString();
  return `<!date^${Math.floor(at / 1_000)}^{date_short_pretty} {time_secs}|${plain}>`;
};
