"""Services of boards: screens and their keys, and making the state that they show."""
