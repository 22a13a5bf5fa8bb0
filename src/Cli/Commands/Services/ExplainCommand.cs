using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet explain values CLUSTER SERVICE</c> and <c>fleet explain manifest CLUSTER SERVICE</c>: what a service is made of, secrets masked.</summary>
internal static class ExplainCommand
{
    public static Command Build()
    {
        var noun = new Argument<string>("noun") { Description = "values: each value and where it is from. manifest: the objects of a revision" };
        noun.AcceptOnlyFromAmong("values", "manifest");
        var cluster = new Argument<string>("cluster") { Description = "Name of the cluster, or namespace/name" };
        var name = new Argument<string>("service") { Description = "Name of the service, or namespace/name with its namespace in the cluster" };
        var revision = new Option<int?>("--revision") { Description = "With manifest: of this revision. Default: the latest" };
        var (@namespace, output) = (Scope.NamespaceOption(), ServiceArguments.Output());
        var command = new Command("explain", "Show what a service is made of: its values with their origins, or its objects. Secrets are masked.")
        {
            noun, cluster, name, revision, @namespace, output, FleetRest.RestOption,
        };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(cluster), parsed.GetValue(@namespace), ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            if (parsed.GetValue(noun) == "manifest")
            {
                var query = parsed.GetValue(revision) is { } number ? $"?revision={number}" : "";
                var manifest = await rest.GetAsync(ServiceLookup.Path(service) + "/manifest" + query, ServiceJson.Default.ServiceManifestView, ct);
                if (format == OutputFormat.Json)
                    ServiceJson.Write(Console.Out, manifest, format, json => json.ServiceManifestView);
                else
                    Console.Write(manifest.Manifest);
                return ExitCodes.Success;
            }

            var values = await rest.GetAsync(ServiceLookup.Path(service) + "/values", ServiceJson.Default.ServiceValuesView, ct);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                ServiceJson.Write(Console.Out, values, format, json => json.ServiceValuesView);
            else
                ServiceText.Values(Console.Out, service, values, wide: format == OutputFormat.Wide);
            return ExitCodes.Success;
        });
        return command;
    }
}
