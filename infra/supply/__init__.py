"""What Takip is made of: the libraries that ship, their licences, what is known against them, and a release's files."""
