"""Other doors than a password of our own: who somebody is is said by a provider that the installation trusts.

presented   what a provider says of somebody, and nothing of what follows from it
options     reading the tables `[oidc.NAME]` and `[ldap.NAME]`, and their secrets
oidc        OpenID Connect: the browser goes to the provider and comes back with a code
ldap        a directory server: name and password are tried there by a bind
installed   the doors of this installation

Nothing here knows an account: `core.directory.services.doors` finds the one that belongs to what was presented.
"""
