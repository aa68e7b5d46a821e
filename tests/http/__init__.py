"""Everything asked over HTTP."""  # noqa: A005 - the folder of a kind of test; nothing here imports Python's http
