/** A value of an address as the router reads it: JSON, but for ids, which are longer than a number holds. */
export function searchValue(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === "number" && !Number.isSafeInteger(value) && /^\d+$/.test(text)) return text;
  return value;
}
