"""The colours of every chart, workbook and document; they are named here so that a workbook need not load what draws.

They are the Government Analysis Function's palette for two series, in its order, and tints of the two.
"""

DARK_BLUE, ORANGE, DARK_GREY, BLACK = "#12436D", "#F46A25", "#3D3D3D", "#1A1A1A"
LIGHT_BLUE, LIGHT_ORANGE = "#6BACE6", "#FBDCCB"
PALE_GREY = "#EFEFEF"
