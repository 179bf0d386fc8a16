"""Tables that offices send and receive: opening a file, finding its table, reading cells, writing
workbooks.
"""
