"""The evaluation of a class, the trends of many, what is mended because of them, and whether what
was learnt is used.
"""
