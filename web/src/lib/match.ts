/** How well words match what was typed: every word of it must begin a word. Higher is better, 0 is not at all. */
export function matchScore(text: string, typed: string): number {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 1;
  const words = fold(text).split(/[\s/]+/);
  let score = 0;
  for (const want of wanted) {
    const at = words.findIndex((word) => word.startsWith(want));
    if (at < 0) return 0;
    score += 1 / (1 + at);
  }
  return score + (fold(text).startsWith(fold(typed).trim()) ? 1 : 0);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function bestMatches<Item>(items: readonly Item[], typed: string, textOf: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, score: matchScore(textOf(item), typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
