// The thin row of marks above the text: bold, italic, quotation, list, link. Each works on what is selected, a second
// time takes it back, and the browser's own undo knows of it.

/** What replaces the text from `from` to `to`, and what is selected afterwards. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WRAPS: Record<string, string> = { bold: "**", italic: "*" };
const LINES: Record<string, string> = { quote: "> ", list: "- " };
const KEYS: Record<string, string> = { b: "bold", i: "italic", k: "link" };
const ADDRESS = /^https?:\/\/\S+$/;

/** How many of the marks `*` stand right before or after a place. */
function stars(text: string, at: number, step: 1 | -1): number {
  let count = 0;
  while (text[step > 0 ? at + count : at - 1 - count] === "*") count += 1;
  return count;
}

function wrap(text: string, from: number, to: number, mark: string): Change {
  while (from < to && /\s/.test(text[from] ?? "")) from += 1; // a mark does not stand beside a space
  while (to > from && /\s/.test(text[to - 1] ?? "")) to -= 1;
  const around = Math.min(stars(text, from, -1), stars(text, to, 1));
  // `*` is italic, `**` bold, `***` both: which of them stands there already?
  if (mark.length === 1 ? around % 2 === 1 : around >= 2) {
    const bare = text.slice(from, to);
    const start = from - mark.length;
    return { from: start, to: to + mark.length, text: bare, start, end: start + bare.length };
  }
  // Emphasis ends with its paragraph: several are marked one by one.
  const marked = text
    .slice(from, to)
    .split(/(\n\s*\n)/)
    .map((part) => (part && !part.trim() ? part : mark + part + mark))
    .join("");
  const isOne = marked.length === to - from + 2 * mark.length;
  const inset = isOne ? mark.length : 0;
  return { from, to, text: marked, start: from + inset, end: from + marked.length - inset };
}

function prefix(text: string, from: number, to: number, mark: string): Change {
  from = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", to);
  to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  if (lines.every((line) => line.startsWith(mark))) {
    const bare = lines.map((line) => line.slice(mark.length)).join("\n");
    return { from, to, text: bare, start: from, end: from + bare.length };
  }
  const marked = lines.map((line) => (line.startsWith(mark) ? line : mark + line)).join("\n");
  // A paragraph right before or after would run into it.
  const before = from > 0 && text[from - 2] !== "\n" ? "\n" : "";
  const after = to < text.length && text[to + 1] !== "\n" ? "\n" : "";
  const end = from + before.length + marked.length;
  return { from, to, text: before + marked + after, start: lines.length > 1 ? from + before.length : end, end };
}

function link(text: string, from: number, to: number): Change {
  const chosen = text.slice(from, to);
  if (ADDRESS.test(chosen)) return { from, to, text: `[](${chosen})`, start: from + 1, end: from + 1 };
  const made = `[${chosen}](https://)`;
  const start = chosen ? from + chosen.length + 3 : from + 1;
  return { from, to, text: made, start, end: chosen ? start + 8 : start };
}

/** What a mark does to a text of which `from` to `to` is selected. */
export function changeFor(mark: string, text: string, from: number, to: number): Change {
  const around = WRAPS[mark];
  const before = LINES[mark];
  return around ? wrap(text, from, to, around) : before ? prefix(text, from, to, before) : link(text, from, to);
}

function apply(field: HTMLTextAreaElement, mark: string): void {
  const change = changeFor(mark, field.value, field.selectionStart, field.selectionEnd);
  field.focus();
  field.setSelectionRange(change.from, change.to);
  // The one way that leaves undo whole; where it is gone, the text changes without it.
  if (!document.execCommand("insertText", false, change.text)) {
    field.setRangeText(change.text, change.from, change.to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(change.start, change.end);
}

/** Put the row above a text; it is one stop of the Tab key, and arrows go along it. */
export function addMarks(row: HTMLElement, field: HTMLTextAreaElement): void {
  const buttons = [...row.querySelectorAll<HTMLButtonElement>("button")];
  if (buttons.length === 0) return;
  row.setAttribute("aria-controls", field.id);
  const stop = (chosen: HTMLButtonElement): void => buttons.forEach((each) => (each.tabIndex = each === chosen ? 0 : -1));
  stop(buttons[0] as HTMLButtonElement);
  row.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps its focus and selection
  row.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button");
    if (!button) return;
    stop(button);
    apply(field, button.dataset["mark"] ?? "");
  });
  row.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((each) => each.tabIndex === 0);
    const ahead = row.matches(":dir(rtl)") ? "ArrowLeft" : "ArrowRight";
    const back = ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const places: Record<string, number> = { [ahead]: at + 1, [back]: at - 1, Home: 0, End: -1 };
    const place = places[event.key];
    const next = place === undefined ? undefined : buttons.at(place % buttons.length);
    if (!next) return;
    event.preventDefault();
    stop(next);
    next.focus();
  });
  field.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? KEYS[event.key] : undefined;
    if (!mark) return;
    event.preventDefault();
    apply(field, mark);
  });
  field.before(row);
}
