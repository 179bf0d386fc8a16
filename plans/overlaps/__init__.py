"""Which trainings of a year teach the same people the same (重复培训、多头培训), and why."""
