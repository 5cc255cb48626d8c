"""Rules that find alerts, and what they say."""
