"""Drawings by the thousand on Ray Data: what there is to do, what is done, who does it, on one machine or many."""
