import { useEffect, useState } from "react";

/** What was typed, once the hand has rested: so that not every letter asks the server. */
export function useSettled(typed: string, ms = 200): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), ms);
    return () => clearTimeout(timer);
  }, [typed, ms]);
  return settled;
}
