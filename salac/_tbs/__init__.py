"""Trapped-ball segmentation on bit-packed rows: numba kernels, one file a step, and the reference that tests them.

Read in this order: `bits` (a drawing as packed rows and runs), `morphology` (the ball), `components` (which runs belong
together), `claims` (which ball position owns a pixel), `merge` (the region graph), `paint` and `chamfer` (back to
pixels), `fast` (the whole algorithm), `reference` (the same, slow and plain). For gaps that no ball closes come `tips`
(open stroke ends) and `closing` (curves between them) before it, and `necks` (where rooms may have run together) after
it. Apart from these stand `measure` (areas and boxes of a label map), `linefiller`, an algorithm of its own for
LineFiller's maps bit for bit, and `carry`, from the nets' size up to the drawing's.
"""
