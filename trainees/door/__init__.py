"""The door of a lesson: the code on the wall, tickets, walk-ins, photos of the sheet on paper."""
