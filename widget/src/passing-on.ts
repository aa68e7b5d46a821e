import type { Thread } from "./thread";

/** A button for each comment's link, and where the device has a share sheet one that opens it; before the report. */
export function addPassingOn(thread: Thread, part: ParentNode): void {
  const names = ["share", "clipboard"].filter((name) => name in navigator);
  for (const when of part.querySelectorAll<HTMLAnchorElement>("a.comity-when")) {
    const acts = when.closest("[data-comment]")?.querySelector(".comity-acts");
    if (!acts || acts.querySelector("[data-acts]")) continue;
    const before = acts.querySelector("[data-comity-opens]");
    for (const name of names) acts.insertBefore(thread.part(name), before);
  }
}
