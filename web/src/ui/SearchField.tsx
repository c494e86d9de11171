import { Search } from "lucide-react";
import { Input } from "./Input";

export type SearchFieldProps = { label: string; value: string; onChange: (typed: string) => void };

export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className="relative min-w-0 flex-1 basis-48 max-sm:basis-full">
      <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 text-muted" />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="pl-8"
      />
    </div>
  );
}
