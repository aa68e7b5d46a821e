import type { Thread } from "./thread";

/** A button for each comment's link, and where the device has a share sheet one that opens it. */
export function addLinks(thread: Thread, part: ParentNode): void {
  for (const when of part.querySelectorAll<HTMLAnchorElement>("a.comity-when")) {
    const comment = when.closest<HTMLElement>("[data-comment]");
    const acts = comment?.querySelector(".comity-acts");
    if (!comment || !acts || acts.querySelector("[data-part=copy], [data-part=share]")) continue;
    const address = (): string => thread.setting.permalink(comment.dataset["comment"] ?? "", when);
    if ("clipboard" in navigator) acts.append(copyButton(thread, address));
    if ("share" in navigator) {
      const share = thread.part("share");
      share.addEventListener("click", () => {
        // Closing the sheet again is no error.
        navigator.share({ title: thread.setting.storyTitle, url: address() }).catch(() => undefined);
      });
      acts.append(share);
    }
  }
}

function copyButton(thread: Thread, address: () => string): HTMLElement {
  const button = thread.part("copy");
  const words = button.textContent ?? "";
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(address()).then(
      () => {
        button.textContent = button.dataset["done"] ?? words;
        thread.say(button.textContent);
        button.addEventListener("blur", () => (button.textContent = words), { once: true });
      },
      () => thread.say(address()), // a page that may not use the clipboard
    );
  });
  return button;
}
