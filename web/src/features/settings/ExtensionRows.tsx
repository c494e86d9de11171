import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { SwitchRow } from "./controls";
import { type Extension, extensions, switched } from "./imap-extensions";
import { changeImapOff, useMe } from "./usePreferences";

/** Parts of IMAP that one's mail programs are not offered. */
export function ExtensionRows() {
  const off = useMe()?.imap_off ?? [];
  const { known, others } = extensions(off);
  const [isLong, setLong] = useState(others.some(({ isOn }) => !isOn));
  const row = (one: Extension) => (
    <SwitchRow
      key={one.name}
      title={one.name}
      hint={one.hint}
      isOn={one.isOn}
      isDisabled={one.isDisabled}
      onChange={(isOn) => void changeImapOff(switched(off, one.name, isOn))}
    />
  );
  return (
    <>
      {known.map(row)}
      <div className="border-t border-line py-3">
        <Button aria-expanded={isLong} onClick={() => setLong(!isLong)}>
          {isLong ? t("Hide the others") : t("Show the others")}
        </Button>
      </div>
      {isLong && others.map(row)}
    </>
  );
}
