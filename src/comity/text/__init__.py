"""Pure tools on text: Markdown, sanitising, plain text, addresses of pages."""
