"""What is said of things that are not there, or that the caller may not see."""

NO_ISSUE = "There is no issue {issue_id}."
NO_ORDER = "There is no work order {order_id}."
NO_STAGE = "There is no stage {stage_id}."
