// The widget: `<script src="https://…/embed/comity.js" async></script>` defines two elements and nothing else.
import { CountElement } from "./count-element";
import { ThreadElement } from "./thread-element";

// A page may hold the script twice: the first one stays.
if (!customElements.get("comity-thread")) customElements.define("comity-thread", ThreadElement);
if (!customElements.get("comity-count")) customElements.define("comity-count", CountElement);
