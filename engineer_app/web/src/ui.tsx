/** The pieces screens are made of, in WeUI's spirit: pages with the main action below the thumb, groups of cells, dialogs. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Page(props: {
  title: string;
  back?: string;
  side?: ComponentChildren;
  action?: ComponentChildren;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.title = props.title;
  }, [props.title]);
  return (
    <>
      <header class="top">
        {props.back !== undefined && (
          <a class="back" href={props.back} aria-label="返回">
            <svg viewBox="0 0 12 24" width="12" height="24" aria-hidden="true">
              <path d="M10 4 2 12l8 8" fill="none" stroke="currentColor" stroke-width="2" />
            </svg>
          </a>
        )}
        <h1>{props.title}</h1>
        {props.side}
      </header>
      <main class={props.action ? "with-action" : ""}>{props.children}</main>
      {props.action && <footer class="action">{props.action}</footer>}
    </>
  );
}

export function Button(props: {
  children: ComponentChildren;
  onClick?: () => void;
  href?: string;
  kind?: "main" | "plain" | "warn" | "text";
  disabled?: boolean;
  small?: boolean;
}) {
  const looks = `button ${props.kind ?? "main"} ${props.small ? "small" : ""}`;
  if (props.href !== undefined) {
    return (
      <a class={looks} href={props.href} onClick={props.onClick}>
        {props.children}
      </a>
    );
  }
  return (
    <button class={looks} type="button" onClick={props.onClick} disabled={props.disabled}>
      {props.children}
    </button>
  );
}

export function Group(props: { title?: string; note?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="group">
      {props.title && <h2>{props.title}</h2>}
      <div class="cells">{props.children}</div>
      {props.note && <p class="note">{props.note}</p>}
    </section>
  );
}

/** A line: words on the left, a value on the right; with `href` or `onClick` it leads somewhere. */
export function Cell(props: {
  label: ComponentChildren;
  value?: ComponentChildren;
  note?: ComponentChildren;
  href?: string;
  onClick?: () => void;
  leads?: boolean;
}) {
  const inside = (
    <>
      <span class="cell-label">
        {props.label}
        {props.note && <small>{props.note}</small>}
      </span>
      {props.value !== undefined && <span class="cell-value">{props.value}</span>}
    </>
  );
  const leads = props.leads ?? true;
  if (props.href !== undefined) {
    return (
      <a class={`cell ${leads ? "leads" : ""}`} href={props.href}>
        {inside}
      </a>
    );
  }
  if (props.onClick) {
    return (
      <button type="button" class={`cell ${leads ? "leads" : ""}`} onClick={props.onClick}>
        {inside}
      </button>
    );
  }
  return <div class="cell">{inside}</div>;
}

/** One of several, big enough for a thumb. */
export function Choice<Code extends string>(props: {
  options: { code: Code; words: ComponentChildren; tone?: string }[];
  chosen: string;
  onChoose: (code: Code) => void;
  label: string;
  row?: boolean;
}) {
  return (
    <div class={`choice ${props.row ? "row" : ""}`} role="radiogroup" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          type="button"
          role="radio"
          key={option.code}
          aria-checked={option.code === props.chosen}
          class={`option ${option.tone ?? ""}`}
          onClick={() => props.onChoose(option.code)}
        >
          {option.words}
        </button>
      ))}
    </div>
  );
}

export function Field(props: {
  label: string;
  value: string;
  onInput: (text: string) => void;
  unit?: string;
  hint?: string;
  wrong?: string;
  lines?: number;
  most?: number;
  mode?: JSX.HTMLAttributes<HTMLInputElement>["inputMode"];
  complete?: string;
  side?: ComponentChildren;
}) {
  const common = {
    value: props.value,
    placeholder: props.hint,
    maxLength: props.most ?? 200,
    "aria-label": props.label,
    "aria-invalid": !!props.wrong,
    onInput: (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value),
  };
  return (
    <label class="field">
      <span class="field-label">{props.label}</span>
      <span class="field-line">
        {props.lines ? (
          <textarea rows={props.lines} {...common} />
        ) : (
          <input inputMode={props.mode} autocomplete={props.complete ?? "off"} autocapitalize="off" {...common} />
        )}
        {props.unit && <span class="unit">{props.unit}</span>}
        {props.side}
      </span>
      {props.wrong && <span class="wrong">{props.wrong}</span>}
    </label>
  );
}

/** Comes up from below; a touch beside it or Escape closes it. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(document.activeElement);
  useEffect(() => {
    box.current?.focus();
    const pressed = (event: KeyboardEvent) => event.key === "Escape" && props.onClose();
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("keydown", pressed);
      if (before.current instanceof HTMLElement) before.current.focus();
    };
  }, []);
  return (
    <div class="shade" onClick={(event) => event.target === event.currentTarget && props.onClose()}>
      <div class="dialog" role="dialog" aria-modal="true" aria-label={props.title} tabIndex={-1} ref={box}>
        <h2>{props.title}</h2>
        {props.children}
        <Button kind="text" onClick={props.onClose}>
          取消
        </Button>
      </div>
    </div>
  );
}

export function Pill(props: { tone?: string; children: ComponentChildren }) {
  return <span class={`pill ${props.tone ?? ""}`}>{props.children}</span>;
}

export function Notice(props: { tone?: "warn" | "bad" | "good"; children: ComponentChildren }) {
  return (
    <div class={`notice ${props.tone ?? ""}`} role={props.tone === "bad" ? "alert" : undefined}>
      {props.children}
    </div>
  );
}

export function Empty(props: { children: ComponentChildren }) {
  return <div class="empty">{props.children}</div>;
}
