"""The steps of understanding one message, as components of a Rasa pipeline and the plain code beneath them."""
