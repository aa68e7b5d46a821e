"""Letters to people and machines. Never writes. Its rooms are filled by the subscriptions issue."""
