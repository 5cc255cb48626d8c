"""Documents from files: reading, mapping, checking and computing. Pure, no database; ar.services.imports writes."""
