// A certified OpenID provider (npm: oidc-provider) with the people and the keys that a test gives it as JSON.
// Its own pages ask for a name and take any password; whoever is not among the people is nobody.
import Provider from 'oidc-provider';

const given = JSON.parse(process.env.PROVIDER);

const provider = new Provider(given.issuer, {
  clients: given.clients,
  jwks: { keys: given.keys },
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], staff: ['employee_number'] },
  scopes: ['openid', 'email', 'staff'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  findAccount: (_context, subject) =>
    given.people[subject] && { accountId: subject, claims: () => ({ sub: subject, ...given.people[subject] }) },
});

provider.listen(given.port, '127.0.0.1');
