"""The page of `salac ui` (extra `ui`): a drawing in, its colors tried out in a browser, without a network."""
