/** Sending something large in pieces, whatever the line does: after a fault it is asked how much has come. */

export type Line = {
  /** Gives the place where the pieces go. */
  begin: () => Promise<string>;
  /** How many bytes have come there. */
  offsetOf: (where: string) => Promise<number>;
  add: (where: string, from: number, to: number) => Promise<void>;
};

export type Fault = "stop" | "again" | "gone";

export type Sending = {
  size: number;
  pieceBytes: number;
  line: Line;
  /** Whether it is of use to go on after a fault, or the place is there no more. */
  judge: (fault: unknown) => Fault;
  /** Before trying again; rejects when nobody wants it any more. */
  pause: (tries: number) => Promise<void>;
  /** Where an earlier try got to. */
  where: string | null;
  onPlace: (where: string | null) => void;
  onWaiting: (isWaiting: boolean) => void;
};

/** Resolves with the place when all has come. Begins anew once, if the place has gone meanwhile. */
export async function sendInPieces(sending: Sending): Promise<string> {
  const { size, pieceBytes, line } = sending;
  let { where } = sending;
  let at = where === null ? 0 : -1;
  let wasGone = false;
  let tries = 0;
  for (;;) {
    try {
      if (where === null) {
        where = await line.begin();
        sending.onPlace(where);
        at = 0;
      }
      if (at < 0) at = await line.offsetOf(where);
      if (at >= size) return where;
      const to = Math.min(size, at + pieceBytes);
      await line.add(where, at, to);
      at = to;
      tries = 0;
      sending.onWaiting(false);
    } catch (fault) {
      const judged = sending.judge(fault);
      if (judged === "stop" || (judged === "gone" && wasGone)) throw fault;
      if (judged === "gone") {
        wasGone = true;
        where = null;
        sending.onPlace(null);
      } else {
        at = where === null ? 0 : -1;
        sending.onWaiting(true);
        await sending.pause(tries);
        tries += 1;
      }
    }
  }
}
