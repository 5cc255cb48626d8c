"""Reading files of bills. Pure: no database."""
