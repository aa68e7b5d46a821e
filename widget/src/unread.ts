// What came since the reader was here last. It is known to this browser alone, and only after the reader did something.
import { keepSeen, seenOf } from "./memory";
import type { Thread } from "./thread";

const momentOf = (time: HTMLTimeElement): number => Date.parse(time.dateTime);

export function showUnread(thread: Thread): void {
  if (!thread.connection.isKnown) return;
  const place = `${thread.site}:${thread.key}`;
  const before = seenOf(place);
  const times = [...thread.root.querySelectorAll<HTMLTimeElement>("[data-comment] .comity-times time")];
  const newest = Math.max(before ?? 0, ...times.map(momentOf));
  if (newest > 0) keepSeen(place, newest);
  if (before === null) return;
  const markNew = (part: ParentNode): void => {
    for (const time of part.querySelectorAll<HTMLTimeElement>("a.comity-when time")) {
      const comment = time.closest<HTMLElement>("[data-comment]");
      if (!comment || momentOf(time) <= before || comment.matches("[data-status], [data-new]")) continue;
      comment.dataset["new"] = "";
      comment.querySelector(".comity-times")?.append(thread.part("new"));
    }
  };
  thread.dressers.push(markNew);
  markNew(thread.root);
  offerNext(thread);
}

function offerNext(thread: Thread): void {
  const first = thread.root.querySelector("[data-new]");
  const head = thread.root.querySelector(".comity-head");
  if (!first || !head) return;
  const button = thread.part("next-new");
  let last: Element | null = null;
  button.addEventListener("click", () => {
    const all = [...thread.root.querySelectorAll<HTMLElement>("[data-new]")];
    const next = all[last ? (all.indexOf(last as HTMLElement) + 1) % all.length : 0];
    if (!next) return;
    last = next;
    for (let folded = next.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) {
      folded.open = true;
    }
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  });
  head.after(button);
}
