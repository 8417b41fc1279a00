"""The decision brief as a file for people who are sent it."""
