"""What each kind of claim needs to hold; pure functions of what was seen."""
