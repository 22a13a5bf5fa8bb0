"""A relay for tests, by Debian's aiosmtpd: STARTTLS and a password are needed, mail is printed as a line of JSON.
smtp-relay.py PORT CERTIFICATE KEY USER PASSWORD"""
import asyncio, base64, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

port, certificate, key, user, password = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                          "content": base64.b64encode(envelope.content).decode()}), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == user.encode() and data.password == password.encode(), handled=False)


async def main():
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Mailbox(), tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate), "127.0.0.1", int(port))
    await server.serve_forever()

asyncio.run(main())
