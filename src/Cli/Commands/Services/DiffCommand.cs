using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet diff -f FILE…</c>: what applying manifests would change of services, on which clusters.</summary>
internal static class DiffCommand
{
    public static Command Build()
    {
        var files = new Option<string[]>("--filename", "-f") { Required = true, Description = "File, folder or - (standard input); may be given several times" };
        var manifests = new Option<bool>("--manifests") { Description = "Also the objects inside the clusters", DefaultValueFactory = _ => true };
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 0 when nothing would change, 2 when something would, 1 when it cannot be worked out" };
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("diff", "Show what applying ClusterDeployments, MultiClusterServices and ServiceTemplates would change of services. Nothing is changed; secrets are masked.")
        {
            files, manifests, detailed, output, FleetRest.RestOption,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var objects = Manifests.Read(parsed.GetValue(files)!).Select(manifest => manifest.Object.Root).ToList();
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var diff = await rest.PostAsync(
                "api/v1/services/diff", new ServiceDiffRequest { Objects = objects, Manifests = parsed.GetValue(manifests) },
                ServiceJson.Default.ServiceDiffRequest, ServiceJson.Default.ServiceDiffView, ct);
            if (parsed.GetValue(output) == "json")
                ServiceJson.Write(Console.Out, diff, OutputFormat.Json, type => type.ServiceDiffView);
            else
                ServicePreviewText.Diff(Console.Out, diff);
            if (!parsed.GetValue(detailed))
                return ExitCodes.Success;
            return diff.Clusters.Any(cluster => cluster.Services.Any(service => service.Problem is not null)) ? ExitCodes.Failed : diff.HasChanges ? ExitCodes.Changes : ExitCodes.Success;
        });
        return command;
    }
}
