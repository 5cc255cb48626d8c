"""The e-invoice itself: encodings and rules of the tax authority. Pure: no database, no network."""
