"""What risk is: tables in, tables out. No screen, no SQL, no clock."""
