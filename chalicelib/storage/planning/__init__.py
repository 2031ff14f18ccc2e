"""Routes in the table."""
