// What both entries have in common: a thread as the server wrote it becomes one that answers in place.
import { enhanceComposer } from "./composer";
import { addLinks } from "./links";
import { enhanceMore, enhanceSort } from "./more";
import { showOwn } from "./own";
import { enhanceReplies } from "./replies";
import { enhanceSearch } from "./search";
import type { Thread } from "./thread";
import { showTimes } from "./times";
import { showUnread } from "./unread";
import { enhanceVotes } from "./votes";

/** Resolves when also what is the reader's own is shown. */
export async function enhance(thread: Thread): Promise<void> {
  thread.dressers.push(
    (part) => showTimes(part, thread.language),
    (part) => addLinks(thread, part),
  );
  thread.dress(thread.root);
  enhanceVotes(thread);
  enhanceReplies(thread);
  enhanceMore(thread);
  enhanceSort(thread);
  enhanceSearch(thread);
  enhanceComposer(thread);
  await showOwn(thread);
  showUnread(thread);
}
