import type { ReactNode } from "react";

/** The quiet page on which everybody comes in. */
export function EntryFrame({ lead, children }: { lead?: string; children: ReactNode }) {
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-paper px-6 py-10">
      <div className="w-full max-w-[340px] pb-[8vh]">
        <h1 className="font-serif text-[40px] leading-[48px] tracking-[-0.015em]">Posthouse</h1>
        {lead && <p className="mt-1 text-base text-muted">{lead}</p>}
        <div className="mt-8">{children}</div>
      </div>
    </main>
  );
}
