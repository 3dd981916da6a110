"""Everything that makes pictures to learn from and nets that learned: `pip install "salac[train]"`."""
