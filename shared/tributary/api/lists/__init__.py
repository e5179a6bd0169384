"""Lists and single records of any resource."""
