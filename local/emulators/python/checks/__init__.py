"""Checks of the emulated AWS, through its clients' eyes."""
