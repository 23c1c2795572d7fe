"""Directory servers (LDAP v3, Active Directory): name and password are tried by a bind.

options      what the settings say of one directory
encryption   TLS whose certificate and name are checked
connection   one server after the other, with an end to every wait
binding      search, then bind; or bind by a template of names
listing      every entry that a filter finds, whole or not at all

Sources: RFC 4511 to 4519, RFC 4530 (entryUUID); [MS-ADTS] for objectGUID.
"""
