"""Money: what an operation costs, who owes what, when it comes, and what its lateness does."""
