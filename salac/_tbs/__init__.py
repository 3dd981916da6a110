"""Trapped-ball segmentation on bit-packed rows: numba kernels, one file a step, and the reference that tests them.

Read in this order: `bits` (a drawing as packed rows and runs), `morphology` (the ball), `components` (which runs belong
together), `claims` (which ball position owns a pixel), `merge` (the region graph), `paint` and `chamfer` (back to
pixels), `fast` (the whole algorithm), `reference` (the same, slow and plain). Apart from these stand `linefiller`, an
algorithm of its own for LineFiller's maps bit for bit, and `carry`, from the nets' size up to the drawing's.
"""
