"""Services of andon: reporting, answering and reading issues."""
