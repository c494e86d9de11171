/** What a part of an address after the question mark means: JSON, but an id is longer than a number holds. */
export function searchValue(text: string): unknown {
  return /^\d{16,}$/.test(text) ? text : JSON.parse(text);
}
