"""Storage: the only package that knows DynamoDB."""
