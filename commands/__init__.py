"""The commands of the command line, one subject a file: each declares its own with `add`."""
