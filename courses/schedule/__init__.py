"""The calendar: classes, lessons, rooms, seasons."""
