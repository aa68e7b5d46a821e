// Search in the thread: what is found stands in place of the conversation until the reader goes back to it.
import { isAway } from "../requests";
import type { Thread } from "../thread";

function close(thread: Thread): void {
  thread.root.querySelector("[data-comity-found]")?.remove();
  thread.root.toggleAttribute("data-searching", false);
}

export async function search(thread: Thread, form: HTMLFormElement): Promise<void> {
  if (form.getAttribute("aria-busy") === "true") return;
  const asked = form.querySelector<HTMLInputElement>("input[name=q]")?.value.trim() ?? "";
  thread.calm(form);
  if (!asked) {
    close(thread);
    return;
  }
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (typeof value === "string") address.searchParams.set(name, value);
  form.setAttribute("aria-busy", "true");
  try {
    const { page } = await thread.connection.get(address.href);
    const found = page.querySelector<HTMLElement>("[data-comity-found]");
    if (!found) {
      thread.complain(form, page.querySelector("[data-comity-refused], .comity-error")?.textContent);
      return;
    }
    thread.root.querySelector("[data-comity-found]")?.remove();
    const kept = document.importNode(found, true);
    thread.list?.before(kept);
    thread.root.toggleAttribute("data-searching", true);
    thread.dress(kept);
    thread.say(kept.querySelector("[data-comity-found-count]")?.textContent ?? "");
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

export function leaveSearch(thread: Thread): void {
  close(thread);
  thread.root.querySelector<HTMLInputElement>("[data-comity-search] input[name=q]")?.focus();
}
