// What both entries have in common: a thread as the server wrote it becomes one that answers in place.
import { openDoor } from "./acts-door";
import { enhanceMore, enhanceSort } from "./more";
import { showOwn } from "./own";
import { addPassingOn } from "./passing-on";
import type { Thread } from "./thread";
import { showTimes } from "./times";
import { showUnread } from "./unread";

/** Resolves when also what is the reader's own is shown. */
export async function enhance(thread: Thread): Promise<void> {
  thread.dressers.push(
    (part) => showTimes(part, thread.language),
    (part) => addPassingOn(thread, part),
  );
  thread.dress(thread.root);
  enhanceMore(thread);
  enhanceSort(thread);
  openDoor(thread);
  await showOwn(thread);
  showUnread(thread);
}
