"""Messages from elsewhere become cases with their own times: the columns of the sheet and what a batch of its rows does."""
