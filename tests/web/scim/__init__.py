"""Programs that put officials and units by SCIM."""
