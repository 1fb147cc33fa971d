"""The reports on liquidity: cash by month, and what late payments do to a plan."""
