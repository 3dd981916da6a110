"""How good a model is: the thesis' section 4.3, and what it leaves unmeasured."""
