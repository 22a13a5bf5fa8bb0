using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Sessions;
using Fleet.Oidc;
using Fleet.Oidc.SignIn;

namespace Fleet.Cli.Commands.Access;

/// <summary><c>fleet login</c>: signs in by the fleet's OpenID provider, in a browser here or on another device.</summary>
internal static class LoginCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Build()
    {
        var device = new Option<bool>("--device") { Description = "Sign in on another device: a code is shown here" };
        var authority = new Option<string?>("--oidc-ca") { Description = "File with who vouches for the provider, when the system does not know" };
        var quiet = new Option<bool>("--no-browser") { Description = "Do not open a browser, only say the address" };
        var command = new Command("login", "Sign in by the fleet's OpenID provider.") { device, authority, quiet, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            var rest = FleetRest.AddressOf(parsed);
            using var fleet = RestTrust.Client(parsed, rest, TimeSpan.FromSeconds(30));
            var config = await ConfigAsync(fleet, rest, ct);
            var pem = parsed.GetValue(authority) is { } file ? await File.ReadAllTextAsync(file, ct) : null;
            using var provider = new OidcProvider(SessionTokens.SettingsOf(config.Issuer, config.ClientId, config.Scopes, pem), TimeProvider.System);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            try
            {
                var signedIn = parsed.GetValue(device) ? await OnDeviceAsync(provider, limit.Token) : await HereAsync(provider, !parsed.GetValue(quiet), limit.Token);
                var user = await WhoamiCommand.AskAsync(fleet, signedIn.IdToken, limit.Token);
                var place = await new SessionStore().SaveAsync(new()
                {
                    Rest = rest.AbsoluteUri, User = (string?)user["user"] ?? "", IdToken = signedIn.IdToken, RefreshToken = signedIn.RefreshToken, Expires = signedIn.Identity.Expires,
                    Issuer = config.Issuer, ClientId = config.ClientId, Scopes = config.Scopes, Authority = pem,
                }, limit.Token);
                // What was said once holds for the commands to come, as the address does.
                if (parsed.GetValue(RestTrust.AuthorityOption) is { } trusted)
                    await new SessionStore().KeepAuthorityAsync(rest.AbsoluteUri, await File.ReadAllTextAsync(trusted, limit.Token), limit.Token);
                Console.WriteLine($"Signed in to {rest} as {(string?)user["user"]}; kept in {place}.");
                if (signedIn.RefreshToken is null)
                    Console.WriteLine($"The provider gave no refresh token: the session ends at {signedIn.Identity.Expires.ToLocalTime():HH:mm}.");
                return ExitCodes.Success;
            }
            catch (OidcException e)
            {
                throw new CommandException($"Not signed in: {e.Message}.");
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new CommandException($"Nobody signed in within {Patience.TotalMinutes:0} minutes.");
            }
        });
        return command;
    }

    private static async Task<SignedIn> HereAsync(OidcProvider provider, bool open, CancellationToken ct)
    {
        using var listener = new LoopbackListener();
        var (state, nonce, pkce, flow) = (Pkce.Secret(), Pkce.Secret(), Pkce.New(), SessionTokens.Flow(provider));
        var address = await flow.AddressAsync(listener.Redirect, state, nonce, pkce, lasting: true, ct);
        Console.WriteLine($"Sign in with your browser at:\n  {address.AbsoluteUri}");
        if (open)
            Open(address);
        return await flow.ExchangeAsync(await listener.WaitAsync(state, ct), listener.Redirect, nonce, pkce, ct);
    }

    private static async Task<SignedIn> OnDeviceAsync(OidcProvider provider, CancellationToken ct)
    {
        var flow = SessionTokens.Flow(provider);
        var code = await flow.BeginOnDeviceAsync(ct);
        Console.WriteLine($"Open {code.Page} on any device and type in:\n  {code.UserCode}");
        return await flow.WaitOnDeviceAsync(code, ct);
    }

    private static async Task<(string Issuer, string ClientId, IReadOnlyList<string> Scopes)> ConfigAsync(HttpClient http, Uri rest, CancellationToken ct)
    {
        try
        {
            var answer = JsonNode.Parse(await http.GetStringAsync(new Uri("api/v1/auth/config", UriKind.Relative), ct));
            return answer?["oidc"] is JsonObject oidc && (string?)oidc["issuer"] is { } issuer && (string?)oidc["clientId"] is { } client
                ? (issuer, client, [.. (oidc["scopes"] as JsonArray ?? []).Select(scope => (string)scope!)])
                : throw new CommandException($"{rest} has no OpenID provider: use a kubeconfig, or start the fleet with --oidc.");
        }
        catch (HttpRequestException e)
        {
            throw RestTrust.Unreachable(rest, e);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new CommandException($"{rest} does not answer as a fleet: {e.Message}", ExitCodes.NotRunning);
        }
    }

    /// <summary>Where there is none, the address was said.</summary>
    private static void Open(Uri address)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY")))
            return;
        try
        {
            using var opened = Process.Start(new ProcessStartInfo("xdg-open", [address.AbsoluteUri]) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            Console.Error.WriteLine("No browser could be opened here.");
        }
    }
}
