"""What a colorization can be turned into: contact sheets."""
