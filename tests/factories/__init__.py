"""Master data for tests, made through the product's own services."""
