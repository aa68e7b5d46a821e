"""The demo's words: its site, its stories and their conversation. Data only; `comity.exchange` loads them."""
