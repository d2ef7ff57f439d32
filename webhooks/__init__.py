"""The public door for providers: HTTP alone, no provider code, no page that shows a person."""
