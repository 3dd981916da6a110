"""Depth of every kind of shape in the painter's list, from the back of the picture to the front."""

SCENERY = -12.0
CAPE_BACK = 4.0
BACK_HAIR = 5.0
TAIL = 6.0
TORSO = 19.0
LEG = 20.0
TROUSERS = 22.0
SKIRT = 25.0
APRON = 26.0
HOOD = 28.0
NECK = 30.0
CHOKER = 30.5
TOP = 32.0
TOP_DETAIL = 33.0
COAT = 34.0
COLLAR = 42.0
BOW = 44.0
CAPE = 46.0
SCARF = 48.0
BRAID = 58.0
EAR = 60.0
FACE = 61.0
BEARD = 61.6
FEATURE = 62.0
MOUSTACHE = 62.05
EYE = 63.0
LASH = 64.0
BROW = 64.5
GLASSES = 66.0
FRONT_TAIL = 66.5
SPIKES = 67.5
CAP = 68.0
ANIMAL_EAR = 69.0
STRAND = 71.0
BANGS = 72.0
BROW_OVER_HAIR = 73.2
SIDE_LOCK = 74.0
HEADBAND = 75.0
HAT = 76.0
RIBBON = 77.0
RAISED_HAND = 80.0
BEHIND = 45.0
"""Added to the depth of tails and wings of a figure seen from behind."""
NEXT_FIGURE = 200.0
"""Added to every depth of the second figure of a picture."""
