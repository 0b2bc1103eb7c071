"""From numbers to what people open: sentences, charts, tables and pages.

The order is the order of making: numbers become words (`narrative`) and files (`tables`), words and numbers become
pictures (`charts`), pictures become pieces of a page (`fragments`), and pieces become pages (`pages`).
"""
