"""The Cloud-API façade under `/graph`: Meta's dialect and 360dialog's, on the rooms that `/v1` stands on."""
