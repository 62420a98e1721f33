"""What people write instead, and the words for it: see `explaining`."""
