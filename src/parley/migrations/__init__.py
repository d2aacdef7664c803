"""Plain SQL, numbered; `pre_` runs before new code is deployed, `post_` after. One folder a database."""
