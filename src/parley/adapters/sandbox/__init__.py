"""The test channel: it takes what WhatsApp takes, sends nothing, and tells what the recipient's number asks for."""
