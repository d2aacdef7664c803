"""Parley: a business's conversations over WhatsApp and voice, automated and self-hosted."""

__version__ = "0.1.0"
