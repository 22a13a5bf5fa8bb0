using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet drift service X</c>: what somebody else changed of its objects, and what was done about it.</summary>
internal static class DriftCommand
{
    public static Command Build()
    {
        var noun = ServiceArguments.Noun();
        var name = ServiceArguments.Name();
        var (cluster, @namespace, output) = (ServiceLookup.ClusterOption(), Scope.NamespaceOption(), ServiceArguments.Output());
        var command = new Command("drift", "Show what was changed of a service's objects behind its declaration, by whom, and what was done.") { noun, name, cluster, @namespace, output, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
            var drift = await rest.GetAsync(ServiceLookup.Path(service) + "/drift", ServiceJson.Default.ServiceDriftView, ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                ServiceJson.Write(Console.Out, drift, format, json => json.ServiceDriftView);
            else if (drift.Entries.Count == 0)
                Console.Error.WriteLine($"No drift of service {ServiceLookup.Title(service)} is recorded.");
            else
                ServiceText.Drift(Console.Out, drift.Entries, TimeProvider.System.GetUtcNow());
            return ExitCodes.Success;
        });
        return command;
    }
}
