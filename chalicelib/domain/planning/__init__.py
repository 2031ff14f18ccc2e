"""Planning: opening, replanning, holding and assigning work orders."""
