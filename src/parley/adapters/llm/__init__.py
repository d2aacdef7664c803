"""Language models of any provider that speaks OpenAI's protocol. The library is loaded once somebody needs it."""
