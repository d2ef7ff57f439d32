"""What staff and partners do. They work on the same rows as the pipeline and reach people through the same outbox."""
