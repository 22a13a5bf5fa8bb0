using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>Where the web console is, and a token to sign in with. The token is never part of the address: addresses are kept by browsers and proxies.</summary>
internal static class ConsoleCommand
{
    private const int UsualMinutes = 60;

    public static Command Build()
    {
        var token = new Option<bool>("--token") { Description = "Print a token to sign in with, and nothing else" };
        var minutes = new Option<int>("--minutes") { Description = "How long the token is good for", DefaultValueFactory = _ => UsualMinutes };
        minutes.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 10 or > 1440)
                result.AddError("--minutes must be from 10 to 1440");
        });
        var command = new Command("console", "Say where the web console is, or print a token to sign in with.") { token, minutes, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(token))
                Console.WriteLine(await TokenAsync(parsed, TimeSpan.FromMinutes(parsed.GetValue(minutes)), ct));
            else
            {
                Console.WriteLine($"Web console: {Address(parsed)}/");
                if (FleetFolder.From(parsed).Endpoints()?.CertificateAuthority is { } authority && Address(parsed).StartsWith("https:", StringComparison.Ordinal))
                    Console.WriteLine($"Its certificate comes from {authority}: a browser has to be told to trust that (docs/guides/install.md#tls).");
                Console.WriteLine("Sign in with a token: `fleet console --token` prints one for an hour; people of a team use their own (`kubectl create token NAME -n NAMESPACE`).");
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Address(ParseResult parsed)
    {
        var folder = FleetFolder.From(parsed);
        return (parsed.GetValue(FleetRest.RestOption) ?? folder.Endpoints()?.Rest ?? Environment.GetEnvironmentVariable("FLEET_REST"))?.TrimEnd('/')
            ?? throw new CommandException($"No fleet runs from {folder.Path}, and neither --rest nor FLEET_REST names its REST API.", ExitCodes.NotRunning);
    }

    private static async Task<string> TokenAsync(ParseResult parsed, TimeSpan life, CancellationToken ct) =>
        await AccountToken.MakeAsync(parsed, "fleet-console", life, ct)
        ?? throw new CommandException("The kubeconfig may not make a token for ServiceAccount fleet-console. Use a token of your own: kubectl create token NAME -n NAMESPACE.");
}
