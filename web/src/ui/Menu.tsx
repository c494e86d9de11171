import type { LucideIcon } from "lucide-react";
import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "../lib/classes";
import { Kbd } from "./Kbd";

export type MenuProps = {
  trigger: ReactNode;
  label: string;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  isOpenAtFirst?: boolean;
  /** For one that keys open too; `onClosed` then says where the focus goes. */
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  onClosed?: () => void;
  children: ReactNode;
};

export function Menu(props: MenuProps) {
  const { trigger, label, side = "bottom", align = "start", isOpenAtFirst = false, children } = props;
  const { isOpen, onOpenChange, onClosed } = props;
  const controlled = isOpen === undefined ? {} : { open: isOpen, onOpenChange: onOpenChange ?? (() => undefined) };
  return (
    <Radix.Root defaultOpen={isOpenAtFirst} {...controlled}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 animate-[appear_90ms] overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-raised outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const ITEM =
  "flex h-8 cursor-default items-center gap-2 rounded px-2 text-sm outline-none select-none data-[disabled]:opacity-45 data-[highlighted]:bg-hover";

export type MenuItemProps = {
  icon?: LucideIcon;
  keys?: string | undefined;
  isDisabled?: boolean;
  isDanger?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

export function MenuItem({
  icon: Icon,
  keys,
  isDisabled = false,
  isDanger = false,
  onSelect,
  children,
}: MenuItemProps) {
  return (
    <Radix.Item disabled={isDisabled} onSelect={onSelect} className={cx(ITEM, isDanger && "text-danger")}>
      {Icon ? <Icon size={16} className={isDanger ? "" : "text-muted"} aria-hidden /> : <span className="w-4" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys && <Kbd keys={keys} />}
    </Radix.Item>
  );
}

export function MenuCheckItem(props: {
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.CheckboxItem checked={props.isChecked} onCheckedChange={props.onChange} className={ITEM}>
      <span className="grid w-4 place-items-center">
        <Radix.ItemIndicator>
          <Check size={16} aria-hidden />
        </Radix.ItemIndicator>
      </span>
      {props.children}
    </Radix.CheckboxItem>
  );
}

export type MenuChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
};

/** A titled group of which one is chosen. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Label className="px-2 pt-2 pb-1 text-xs font-medium text-muted">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={ITEM}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="grid w-4 place-items-center">
            <Radix.ItemIndicator>
              <Check size={16} aria-hidden />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-2 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>;
}
