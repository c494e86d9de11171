import { PHONE, useMedia } from "../../lib/media";

export function useIsPhone(): boolean {
  return useMedia(PHONE);
}
