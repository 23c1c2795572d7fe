"""OpenID Connect: who somebody is, said by any provider that follows the standard.

options     what the settings say of one provider
transport   requests to a provider and to nobody else
discovery   what the provider says of itself
keys        the keys it signs with, which it may change
tokens      what an ID token has to be
flow        to the provider and back: authorization code, PKCE, state, nonce, issuer

Sources: OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0; RFC 6749, 7636, 9207, 9700.
"""
