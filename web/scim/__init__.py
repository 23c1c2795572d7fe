"""SCIM 2.0 (RFC 7643, 7644), `/scim/v2`: a personnel system or an identity provider says who joins, moves and leaves.

Users are officials (employeeNumber is the official's number, department the unit), groups are units. `messages` reads
filters and patches, `shapes` turns officials and units into JSON and back, `described` says what there is, `service`
has the addresses. Everything goes through `core.directory.services.provisioning`, behind the API's door: a service's
token with the scope `scim`, and its limits.
"""
