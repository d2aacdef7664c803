"""Other people's systems on the web, as flows call them."""
