"""The demo companies: names and goods invented for them, and a year of business made through the services."""
