/** How large a picture is drawn in a timeline, known before it comes, so that nothing moves under the eye. Pure. */

export const MOST_WIDTH = 320;
export const MOST_HEIGHT = 240;
/** Below it a picture is hard to hit, and stands in a frame of this size. */
export const LEAST = 44;

export type Frame = { width: number; height: number };

/** The picture's shape within the most it may have, never larger than it is; a frame of one size where it is unknown. */
export function frameOf(width: number | null, height: number | null): Frame {
  if (!width || !height) return { width: 288, height: 192 };
  const scale = Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height);
  return { width: Math.max(LEAST, Math.round(width * scale)), height: Math.max(LEAST, Math.round(height * scale)) };
}
