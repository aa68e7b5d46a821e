// Comity's own pages work without this script; with it, nothing has to be loaded anew.
import { enhanceComposer, enhanceForm } from "./composer";
import { enhanceMore, enhanceSort } from "./more";
import { enhanceReplies, showOwn } from "./replies";
import { showTimes } from "./times";
import { Thread } from "./thread";
import { enhanceVotes } from "./votes";

for (const root of document.querySelectorAll<HTMLElement>("[data-comity-thread]")) {
  const thread = new Thread(root);
  const dress = (part: ParentNode): void => {
    showTimes(part, thread.language);
    thread.addCopyLinks(part);
  };
  thread.dress = dress;
  dress(root);
  enhanceVotes(thread);
  enhanceReplies(thread);
  enhanceMore(thread);
  enhanceSort(thread);
  enhanceComposer(thread);
  void showOwn(thread);
}

for (const form of document.querySelectorAll<HTMLFormElement>("body:not(:has([data-comity-thread])) form[data-comity-form]")) {
  enhanceForm(form);
}
