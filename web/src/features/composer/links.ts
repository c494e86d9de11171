/** What a person types for a link, as an address that is safe to send; null when it is none. */
import { isValidEmail } from "./addresses";

export function linkTarget(typed: string): string | null {
  const text = typed.trim();
  if (!text || /\s/.test(text)) return null;
  if (isValidEmail(text)) return `mailto:${text}`;
  if (/^mailto:[^\s@]+@\S+$/i.test(text) || /^tel:[+\d().-]+$/i.test(text)) return text;
  const url = /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^:/]+:\d+/.test(text) ? text : `https://${text}`;
  try {
    const parsed = new URL(url);
    const isWeb = parsed.protocol === "https:" || parsed.protocol === "http:";
    return isWeb && /^[^.].*\.[^.]+$|^localhost$/.test(parsed.hostname) ? url : null;
  } catch {
    return null;
  }
}
