"""Judge what somebody else wrote: a line is read, put into its question, and decided."""
