"""Domain: the rules of production tracking, as pure functions without storage, network or clock."""
