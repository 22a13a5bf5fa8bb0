using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Commands.Access;

/// <summary>Who the fleet takes the caller for, the end of a session, and its token for kubectl.</summary>
internal static class WhoamiCommand
{
    public static Command Build()
    {
        var output = OutputOption.OfAnswers();
        var command = new Command("whoami", "Say who the fleet takes you for.") { output, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var who = await rest.ExchangeAsync(HttpMethod.Get, "api/v1/whoami", null, ct);
            if (OutputOption.Parse(parsed.GetValue(output)!) is OutputFormat.Json)
                Console.WriteLine(who.ToJsonString());
            else
                Console.WriteLine($"{(string?)who["user"]}\ngroups: {string.Join(", ", (who["groups"] as JsonArray ?? []).Select(group => (string?)group))}");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command Logout()
    {
        var command = new Command("logout", "End the session: its tokens are forgotten here.") { FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            var rest = FleetRest.AddressOf(parsed).AbsoluteUri;
            await new SessionStore().ForgetAsync(rest, ct);
            Console.WriteLine($"Signed out of {rest}.");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>As kubectl asks its plugins for one: <c>users: [{user: {exec: {command: fleet, args: [token]}}}]</c>.</summary>
    public static Command Token()
    {
        var command = new Command("token", "Print the session's token as kubectl's exec plugins do.") { FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            var session = await SessionTokens.FindAsync(FleetRest.AddressOf(parsed).AbsoluteUri, ct) ?? throw new CommandException("Nobody has signed in: `fleet login`.");
            Console.WriteLine(new JsonObject
            {
                ["apiVersion"] = "client.authentication.k8s.io/v1", ["kind"] = "ExecCredential",
                ["status"] = new JsonObject { ["token"] = session.IdToken, ["expirationTimestamp"] = session.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) },
            }.ToJsonString());
            return ExitCodes.Success;
        });
        return command;
    }

    /// <exception cref="CommandException">The fleet does not know the token.</exception>
    public static async Task<JsonObject> AskAsync(HttpClient http, string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/whoami", UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            throw new CommandException("The provider has signed you in, but the management API does not know its tokens: see docs/guides/access.md.");
        response.EnsureSuccessStatusCode();
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))!;
    }
}
