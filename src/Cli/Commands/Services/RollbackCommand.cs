using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet rollback service X --to N</c>: back to a revision, and kept there.</summary>
internal static class RollbackCommand
{
    public static Command Build()
    {
        var noun = ServiceArguments.Noun();
        var name = ServiceArguments.Name();
        var to = new Option<int>("--to") { Required = true, Description = "Revision, as `fleet history service` shows it" };
        to.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) || number < 1))
                result.AddError("--to takes the number of a revision, for instance 3.");
        });
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything, change nothing" };
        var (cluster, @namespace) = (ServiceLookup.ClusterOption(), Scope.NamespaceOption());
        var command = new Command("rollback", "Take a service back to a revision and keep it there until it is declared otherwise, or `fleet resume service`.")
        {
            noun, name, to, cluster, @namespace, dryRun, FleetRest.RestOption,
        };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
            var dry = parsed.GetValue(dryRun);
            var now = await rest.PostAsync(
                $"{ServiceLookup.Path(service)}/actions/rollback{(dry ? "?dryRun=true" : "")}",
                new RollbackRequest { Revision = parsed.GetValue(to) }, ServiceJson.Default.RollbackRequest, ServiceJson.Default.ClusterServiceView, ct);
            Console.WriteLine($"{ServiceText.Held(now)}{(dry ? " (dry run: nothing was changed)" : "")}");
            return ExitCodes.Success;
        });
        return command;
    }
}
