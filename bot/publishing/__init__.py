"""Publishing what we say: the plan for every waiting conversation, versions, signatures. No conversation is stranded."""
