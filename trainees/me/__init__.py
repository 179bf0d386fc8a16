"""What a trainee keeps: follows, the calendar feed, answers, recommendations."""
