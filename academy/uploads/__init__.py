"""Files that people hand in: which kinds are taken, photos without their metadata, keeping, giving
out.
"""
