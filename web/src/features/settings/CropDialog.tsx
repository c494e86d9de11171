import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { type Cut, dragged, firstCut, inside, MOST_ZOOM, squareOf } from "./crop";

const SHOWN = 256;
/** Twice what the server keeps, for it to make smaller. */
const SENT = 512;
const STEP = 8;
const ARROWS: { [key: string]: [number, number] } = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

export type CropDialogProps = {
  picture: ImageBitmap;
  onClose: () => void;
  /** Resolves when it is done, for good or ill. */
  onCut: (square: Blob) => Promise<void>;
};

/** Which square of a picture: drag it or move it by arrows, come closer by the slider or the wheel. */
export function CropDialog({ picture, onClose, onCut }: CropDialogProps) {
  const zoomId = useId();
  // The dialog stands outside of the page and comes a moment later.
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const from = useRef<{ x: number; y: number } | null>(null);
  const [cut, setCut] = useState<Cut>(() => firstCut(picture));
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (canvas) draw(canvas, picture, cut);
  }, [canvas, picture, cut]);

  const move = (event: PointerEvent) => {
    if (!from.current) return;
    const by = { x: event.clientX - from.current.x, y: event.clientY - from.current.y };
    from.current = { x: event.clientX, y: event.clientY };
    setCut((now) => dragged(picture, now, by, SHOWN));
  };
  const key = (event: KeyboardEvent) => {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    setCut((now) => dragged(picture, now, { x: by[0], y: by[1] }, SHOWN));
  };
  const save = async () => {
    setBusy(true);
    const square = document.createElement("canvas");
    square.width = square.height = SENT;
    draw(square, picture, cut);
    const blob = await new Promise<Blob | null>((resolve) => square.toBlob(resolve, "image/png"));
    if (blob) await onCut(blob);
    setBusy(false);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Cut the picture to a square")}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={() => void save()}>
            {t("Use it")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col items-center gap-3">
        <canvas
          ref={setCanvas}
          width={SHOWN * 2}
          height={SHOWN * 2}
          role="img"
          tabIndex={0}
          aria-label={t("Your picture. Move it by dragging or with the arrow keys.")}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            from.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={move}
          onPointerUp={() => {
            from.current = null;
          }}
          onWheel={(event) =>
            setCut((now) => inside(picture, { ...now, zoom: now.zoom * (event.deltaY < 0 ? 1.1 : 0.9) }))
          }
          onKeyDown={key}
          className="size-64 cursor-move touch-none rounded-full border border-line"
        />
        <label htmlFor={zoomId} className="flex w-64 items-center gap-3 text-sm">
          {t("Closer")}
          <input
            id={zoomId}
            type="range"
            min={1}
            max={MOST_ZOOM}
            step={0.05}
            value={cut.zoom}
            onChange={(event) => setCut((now) => inside(picture, { ...now, zoom: Number(event.target.value) }))}
            className="min-w-0 flex-1 accent-(--accent)"
          />
        </label>
      </div>
    </Dialog>
  );
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, cut: Cut): void {
  const { left, top, side } = squareOf(picture, cut);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}
