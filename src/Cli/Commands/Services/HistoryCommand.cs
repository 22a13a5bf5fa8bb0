using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet history service X</c>: the revisions of its release.</summary>
internal static class HistoryCommand
{
    public static Command Build()
    {
        var noun = ServiceArguments.Noun();
        var name = ServiceArguments.Name();
        var (cluster, @namespace, output) = (ServiceLookup.ClusterOption(), Scope.NamespaceOption(), ServiceArguments.Output());
        var command = new Command("history", "Show the revisions of a service's release: when, which chart, how it went.") { noun, name, cluster, @namespace, output, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
            var history = await rest.GetAsync(ServiceLookup.Path(service) + "/history", ServiceJson.Default.ServiceHistoryView, ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                ServiceJson.Write(Console.Out, history, format, json => json.ServiceHistoryView);
            else if (history.Revisions.Count == 0)
                Console.Error.WriteLine($"There is no release of service {ServiceLookup.Title(service)} yet.");
            else
                ServiceText.History(Console.Out, history.Revisions, TimeProvider.System.GetUtcNow());
            return ExitCodes.Success;
        });
        return command;
    }
}
